package dev.pawl.activities.verify;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pawl.activities.protocol.Stage;
import dev.pawl.activities.stage.Stages;
import dev.pawl.db.RunRow;
import dev.pawl.db.StageRow;
import dev.pawl.experiments.CanonicalJson;
import dev.pawl.experiments.plan.StageKey;
import dev.pawl.experiments.plan.StageKind;
import dev.pawl.experiments.stage.PretrainStageConfig;
import dev.pawl.experiments.stage.StageConfig;
import dev.pawl.model.config.ModelConfig;
import dev.pawl.model.config.TrainingConfig;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Are the stored configurations those that the keys were made of? */
final class ConfigurationCheck {
  private static final int ID_LENGTH = 12;

  /** Model, training and seed. */
  private static final int COMPARED = 3;

  private final Map<StageKind, Class<?>> configs = new TreeMap<>();

  ConfigurationCheck() {
    for (Stage<?> stage : Stages.all()) {
      configs.put(stage.kind(), stage.configType());
    }
  }

  /**
   * The run as a whole: its id is made of its last stage's key, each stage's inputs are stages of
   * the run, and what the run says of its model is what was trained.
   */
  Finding run(RunRow run, List<StageRow> stages) {
    if (stages.isEmpty()) {
      return Finding.bad("run", "stages", "the run has no stages");
    }
    String last = stages.get(stages.size() - 1).key();
    String id = StageKey.hash(List.of("run", run.experiment(), run.name(), last));
    if (!run.id().equals(id.substring(0, ID_LENGTH))) {
      return Finding.bad(
          "run",
          "stages",
          "names and stages make the id %s, the record says %s"
              .formatted(id.substring(0, ID_LENGTH), run.id()));
    }
    Set<String> keys = new HashSet<>();
    stages.forEach(stage -> keys.add(stage.key()));
    for (StageRow stage : stages) {
      for (Map.Entry<String, String> input : stage.inputs().entrySet()) {
        if (!keys.contains(input.getValue())) {
          return Finding.bad(
              stage.kind(),
              "stages",
              "its input %s is stage %s, which the run has not"
                  .formatted(input.getKey(), input.getValue()));
        }
      }
    }
    return Finding.good(
        "run",
        "stages",
        stages.size(),
        "%d stages, each after its inputs".formatted(stages.size()));
  }

  /** What the run's row says of its training. */
  Finding training(RunRow run, StageRow pretrain) {
    try {
      return readableTraining(run, pretrain);
    } catch (IllegalArgumentException unreadable) {
      return Finding.bad("run", "configuration", "it cannot be read: " + unreadable.getMessage());
    }
  }

  private static Finding readableTraining(RunRow run, StageRow pretrain) {
    JsonNode said = CanonicalJson.read(run.configJson(), JsonNode.class);
    PretrainStageConfig config =
        CanonicalJson.read(pretrain.configJson(), PretrainStageConfig.class);
    List<String> different = new ArrayList<>();
    ModelConfig model = CanonicalJson.read(said.path("model").toString(), ModelConfig.class);
    if (!model.equals(config.model())) {
      different.add("its model is %s, trained was %s".formatted(model, config.model()));
    }
    TrainingConfig training =
        CanonicalJson.read(said.path("training").toString(), TrainingConfig.class);
    if (!training.equals(config.training())) {
      different.add("its training is %s, done was %s".formatted(training, config.training()));
    }
    long seed = said.path("seed").asLong();
    if (seed != config.seed()) {
      different.add("its seed is %d, used was %d".formatted(seed, config.seed()));
    }
    // Of a recipe some settings are no part of the key, and runs that share a training may differ.
    PretrainStageConfig asked =
        new PretrainStageConfig(
            model,
            training,
            config.loadFromVanilla(),
            seed,
            config.deviceKind(),
            config.threads(),
            config.sampling());
    return StageKey.of(StageKind.PRETRAIN, asked, pretrain.inputs()).equals(pretrain.key())
        ? Finding.good("run", "configuration", COMPARED, "model, training and seed as trained")
        : Finding.bad("run", "configuration", String.join("; ", different));
  }

  /** One stage. */
  Finding stage(StageRow stage) {
    StageKind kind = StageKind.of(stage.kind());
    if (stage.version() != kind.version()) {
      return Finding.bad(
          stage.kind(),
          "configuration",
          "planned as version %d, this program knows version %d"
              .formatted(stage.version(), kind.version()));
    }
    try {
      Object config = CanonicalJson.read(stage.configJson(), configs.get(kind));
      String key = StageKey.of(kind, (StageConfig) config, stage.inputs());
      return key.equals(stage.key())
          ? Finding.good(
              stage.kind(),
              "configuration",
              1 + stage.inputs().size(),
              "configuration and %d inputs have the key %s".formatted(stage.inputs().size(), key))
          : Finding.bad(
              stage.kind(),
              "configuration",
              "configuration and inputs have the key %s, the record says %s"
                  .formatted(key, stage.key()));
    } catch (IllegalArgumentException unreadable) {
      return Finding.bad(stage.kind(), "configuration", unreadable.getMessage());
    }
  }
}
