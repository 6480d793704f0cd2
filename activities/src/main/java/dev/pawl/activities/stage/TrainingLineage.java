package dev.pawl.activities.stage;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pawl.activities.protocol.StageContext;
import dev.pawl.experiments.CanonicalJson;
import dev.pawl.experiments.stage.PretrainStageConfig;
import dev.pawl.model.checkpoint.Checkpoint;
import dev.pawl.model.checkpoint.TrainingState;
import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import dev.pawl.model.torch.Torch;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What every checkpoint of one attempt at a training says of where it comes from: configuration,
 * inputs, machine, the digest of the samples consumed, and each place at which the training went on
 * under conditions that do not give the same bits.
 */
public final class TrainingLineage {
  /** Running digest of all samples consumed. */
  public static final String SAMPLES = "samples_sha256";

  /**
   * What a training must have in common with the one it goes on from; the key covers the recipe, of
   * which some settings may change.
   */
  private static final List<String> IDENTITY =
      List.of("stage_key", "inputs", "model", "training", "seed", "sampling", "tokenizer_digest");

  private final StageContext context;
  private final PretrainStageConfig config;
  private final ObjectNode lineage;
  private final ConsumedSamples samples;

  TrainingLineage(
      PretrainStageConfig config,
      StageContext context,
      TokenizedCorpus corpus,
      ConsumedSamples samples) {
    this.context = context;
    this.config = config;
    this.samples = samples;
    Map<String, Object> known = new LinkedHashMap<>();
    known.put("stage_key", context.stage().key());
    known.put("inputs", context.stage().inputs());
    known.put("model", CanonicalJson.tree(config.model()));
    known.put("training", CanonicalJson.tree(config.training()));
    if (config.loadFromVanilla() != null) {
      known.put("load_from_vanilla", CanonicalJson.tree(config.loadFromVanilla()));
    }
    known.put("seed", config.seed());
    if (config.sampling() != null) {
      known.put("sampling", CanonicalJson.tree(config.sampling()));
    }
    known.put("tokenizer_digest", corpus.tokenizerDigest());
    known.putAll(Exactness.machine());
    known.put("threads", Torch.threads());
    this.lineage = (ObjectNode) CanonicalJson.tree(known);
  }

  /** The training begins with its first step. */
  void begins() {
    Map<String, String> planned = new LinkedHashMap<>();
    planned.put("device_kind", config.deviceKind());
    planned.put("threads", Integer.toString(config.threads()));
    change(0, planned, "planned for");
  }

  /**
   * The training goes on from a checkpoint.
   *
   * @throws PawlException DATA when it is not one of this training
   */
  void goesOn(Checkpoint from) {
    for (String name : IDENTITY) {
      // As text: a number that was read has another Java type than one that was not yet written.
      String there = from.lineage().path(name).toString();
      String here = lineage.path(name).toString();
      if (!there.equals(here)) {
        throw new PawlException(
            FailureCause.DATA,
            "checkpoint %s is not one of this training: its %s is %s, here it is %s; remove it, or bring back the one that was there"
                .formatted(from.folder(), name, shown(there), shown(here)));
      }
    }
    if (!from.lineage().has(SAMPLES)) {
      throw new PawlException(
          FailureCause.DATA,
          "checkpoint %s does not say which samples it has consumed: remove it, or begin again with 'pawl retry --from pretrain'"
              .formatted(from.folder()));
    }
    samples.goOn(from.consumedSamples(), from.lineage().path(SAMPLES).asText());
    if (from.lineage().has(Exactness.INEXACT)) {
      lineage.set(Exactness.INEXACT, from.lineage().get(Exactness.INEXACT).deepCopy());
    }
    Map<String, String> before = new LinkedHashMap<>();
    Exactness.machine().keySet().forEach(n -> before.put(n, from.lineage().path(n).asText()));
    change(from.step(), before, "before");
  }

  /** Adds to what every later checkpoint says of itself. */
  void say(String name, JsonNode value) {
    lineage.set(name, value);
  }

  /**
   * The lineage of a checkpoint of a state.
   *
   * @throws PawlException BUG when samples beyond it have been read already: ask before the next
   *     step
   */
  JsonNode of(TrainingState state) {
    ObjectNode copy = lineage.deepCopy();
    copy.put(SAMPLES, samples.sha256Digest(state.consumedSamples()));
    return copy;
  }

  private void change(long step, Map<String, String> before, String word) {
    Map<String, String> now = Exactness.machine();
    List<String> changes = new ArrayList<>();
    before.forEach(
        (name, value) -> {
          if (!value.equals(now.get(name))) {
            changes.add("%s %s, %s %s".formatted(name, now.get(name), word, value));
          }
        });
    if (changes.isEmpty()) {
      return;
    }
    String message =
        "from step %d on with %s (attempt %d)"
            .formatted(step + 1, String.join("; ", changes), context.claim().attempt());
    ArrayNode marks = lineage.withArray("/" + Exactness.INEXACT);
    marks.add(message);
    Exactness.record(context, message);
  }

  private static String shown(String json) {
    return json.isEmpty() ? "absent" : json;
  }
}
