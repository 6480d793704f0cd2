package dev.pawl.activities.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pawl.activities.stage.CorpusStage;
import dev.pawl.db.Database;
import dev.pawl.db.TestDatabase;
import dev.pawl.experiments.DatasetSource;
import dev.pawl.experiments.stage.CorpusStageConfig;
import dev.pawl.experiments.stage.FileIdentity;
import dev.pawl.model.dataset.FileDigests;
import dev.pawl.model.dataset.ShardManifest;
import io.temporal.failure.ApplicationFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A corpus of the user's shards ({@code dataset.shards}): taken whole, or refused by name. */
class ShardCorpusTest {
  private static Database database;

  @TempDir Path home;
  @TempDir Path shards;
  private CorpusStageConfig config;

  @BeforeAll
  static void open() {
    database = TestDatabase.fresh();
  }

  @AfterAll
  static void close() {
    database.close();
  }

  @BeforeEach
  void write() throws IOException {
    for (int i = 0; i < 4; i++) {
      Files.writeString(
          shards.resolve("s-%05d.jsonl".formatted(i)), "{\"text\":\"%d\"}\n".formatted(i));
    }
    Path manifest = shards.resolve("checksums.txt");
    ShardManifest.ofFolder(shards).write(manifest);
    config =
        new CorpusStageConfig(
            DatasetSource.SHARDS,
            null,
            List.of(),
            List.of(),
            new FileIdentity(shards.toString(), FileDigests.of(manifest, bytes -> {}).sha256()));
  }

  @Test
  void everyBadShardIsNamedAtOnceAndNothingIsRetried() throws IOException {
    Files.writeString(shards.resolve("s-00000.jsonl"), "{\"te");
    Files.writeString(shards.resolve("s-00001.jsonl"), "{\"text\":\"7\"}\n");
    Files.delete(shards.resolve("s-00002.jsonl"));
    Files.writeString(shards.resolve("s-00004.jsonl"), "");
    OneStage stage = new OneStage(database, home);

    ApplicationFailure failure = assertThrows(ApplicationFailure.class, () -> take(stage));

    assertEquals("DATA", failure.getType());
    assertTrue(failure.isNonRetryable());
    String message = failure.getOriginalMessage();
    assertTrue(message.contains("4 files of " + shards), message);
    assertTrue(message.contains("s-00000.jsonl (4 bytes) has SHA-256"), message);
    assertTrue(message.contains("s-00001.jsonl (13 bytes) has SHA-256"), message);
    assertTrue(message.contains("s-00002.jsonl is missing"), message);
    assertTrue(message.contains("s-00004.jsonl is extra"), message);
  }

  @Test
  void mendedShardsAreTakenByTheSameStage() throws IOException {
    Files.writeString(shards.resolve("s-00000.jsonl"), "{\"te");
    OneStage stage = new OneStage(database, home);
    assertThrows(ApplicationFailure.class, () -> take(stage));
    Files.writeString(shards.resolve("s-00000.jsonl"), "{\"text\":\"0\"}\n");

    assertFalse(take(stage).reused());

    for (int i = 0; i < 4; i++) {
      assertEquals(
          "{\"text\":\"%d\"}\n".formatted(i),
          Files.readString(stage.artifact().resolve("shards/s-%05d.jsonl".formatted(i))));
    }
  }

  @Test
  void manifestThatChangedAfterPlanningIsRefused() throws IOException {
    Files.writeString(
        shards.resolve("checksums.txt"), "x " + "0".repeat(64) + System.lineSeparator());
    ApplicationFailure failure =
        assertThrows(ApplicationFailure.class, () -> take(new OneStage(database, home)));
    assertEquals("DATA", failure.getType());
    assertTrue(
        failure.getOriginalMessage().contains("checksums.txt has changed"),
        failure.getOriginalMessage());
  }

  private dev.pawl.activities.StageOutcome take(OneStage stage) {
    return stage.run(context -> new CorpusStage().execute(config, context));
  }
}
