package dev.pawl.db;

import java.util.List;
import org.jdbi.v3.core.Jdbi;

/** Measured generation shapes by stage. Writes wait for a database that is away. Thread-safe. */
public final class GenerationStore {
  private final Jdbi jdbi;

  GenerationStore(Jdbi jdbi) {
    this.jdbi = jdbi;
  }

  /** All measurements of a stage, by shape. */
  public List<GenerationRow> of(String stageKey) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    """
                    SELECT * FROM generation WHERE stage_key = :key
                     ORDER BY prefill_length, decode_length, protocol, precision, batch_size""")
                .bind("key", stageKey)
                .map((row, context) -> ResultStore.generation(row))
                .list());
  }

  /** Stores a row; the same shape again is replaced. */
  public void record(Claim claim, GenerationRow row) {
    Outage.outlast(
        () -> {
          jdbi.useTransaction(
              handle -> {
                Fence.check(handle, claim);
                handle
                    .createUpdate(
                        """
                  INSERT INTO generation (stage_key, prefill_length, decode_length, batch_size,
                         protocol, precision, tokens_per_second, max_memory_bytes, milliseconds,
                         oom, floor_milliseconds, conditions)
                  VALUES (:key, :prefill, :decode, :batch, :protocol, :precision, :tokens, :memory,
                          :milliseconds::jsonb, :oom, :floor, :conditions::jsonb)
                  ON CONFLICT (stage_key, prefill_length, decode_length, batch_size, protocol,
                               precision)
                  DO UPDATE SET tokens_per_second = :tokens, max_memory_bytes = :memory,
                                milliseconds = :milliseconds::jsonb, oom = :oom,
                                floor_milliseconds = :floor, conditions = :conditions::jsonb""")
                    .bind("key", claim.key())
                    .bind("prefill", row.prefillLength())
                    .bind("decode", row.decodeLength())
                    .bind("batch", row.batchSize())
                    .bind("protocol", row.protocol())
                    .bind("precision", row.precision())
                    .bind("tokens", row.tokensPerSecond())
                    .bind("memory", row.maxMemoryBytes())
                    .bind("milliseconds", Json.write(row.milliseconds()))
                    .bind("oom", row.oom())
                    .bind("floor", row.floorMilliseconds())
                    .bind("conditions", Json.write(row.conditions()))
                    .execute();
              });
          return claim;
        });
  }
}
