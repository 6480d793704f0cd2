package dev.pawl.cli;

import dev.pawl.db.AttemptRow;
import dev.pawl.db.CheckpointRow;
import dev.pawl.db.Database;
import dev.pawl.db.GoodputRow;
import dev.pawl.db.MetricPoint;
import dev.pawl.db.ResultRow;
import dev.pawl.db.RunRow;
import dev.pawl.db.StageRow;
import dev.pawl.experiments.plan.StageKind;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/**
 * What is known of a run that is compared with others.
 *
 * @param configuration its settings by key, without those of data and machine
 * @param data what it was trained and scored on: settings and digests by key
 * @param environment what its training ran on
 * @param checkpoints states of its training in step order, those that are gone too
 * @param speed tokens a second of training, the median over its steps
 */
record ComparedRun(
    RunRow run,
    ResultRow results,
    Map<String, Object> configuration,
    Map<String, Object> data,
    Map<String, Object> environment,
    Optional<String> trainingKey,
    List<CheckpointRow> checkpoints,
    Optional<Double> speed,
    Optional<GoodputRow> goodput) {

  /** Keys of stage configurations that say on what, not what. */
  private static final List<String> MACHINE = List.of("device_kind", "threads");

  static ComparedRun read(Database database, RunRow run) {
    Map<String, Object> configuration = SettingKeys.ofConfiguration(run.configJson());
    Map<String, Object> data = new LinkedHashMap<>();
    Map<String, Object> environment = new LinkedHashMap<>();
    Optional<String> training = Optional.empty();
    for (StageRow stage : database.experiments().stagesOf(run.id())) {
      switch (StageKind.of(stage.kind())) {
        case PRETRAIN -> {
          training = Optional.of(stage.key());
          environment.putAll(environment(database, stage.key()));
          sampling(stage, data);
        }
        case EVALUATE -> settings(stage, "evaluation", configuration);
        case GENERATION -> settings(stage, "generation", configuration);
        case CORPUS, TOKENIZE, TAKE -> {
          settings(stage, stage.kind(), data);
          stage.digest().ifPresent(digest -> data.put(stage.kind() + " digest", digest));
          stage.bytes().ifPresent(bytes -> data.put(stage.kind() + " bytes", bytes));
        }
        default -> {}
      }
    }
    return new ComparedRun(
        run,
        database.results().ofRuns(List.of(run.id())).get(0),
        configuration,
        data,
        environment,
        training,
        training.map(key -> database.checkpoints().of(key)).orElse(List.of()),
        training.flatMap(key -> median(database.metrics().curve(key, "tokens_per_second"))),
        database.goodput().of(run.id()));
  }

  private static void settings(StageRow stage, String prefix, Map<String, Object> into) {
    SettingKeys.ofConfiguration(stage.configJson())
        .forEach(
            (key, value) -> {
              if (!MACHINE.contains(key)) {
                into.put(prefix + "." + key, value);
              }
            });
  }

  // How samples are taken from the data is said with the training.
  private static void sampling(StageRow stage, Map<String, Object> data) {
    SettingKeys.ofConfiguration(stage.configJson())
        .forEach(
            (key, value) -> {
              if (key.startsWith("sampling")) {
                data.put(key, value);
              }
            });
  }

  private static Map<String, Object> environment(Database database, String key) {
    Map<String, Object> environment = new LinkedHashMap<>();
    List<AttemptRow> attempts = database.experiments().attemptsOf(key);
    if (!attempts.isEmpty()) {
      environment.put("host", attempts.get(attempts.size() - 1).host());
    }
    SortedMap<Integer, String> descriptions = database.environments().ofAttempts(key);
    if (!descriptions.isEmpty()) {
      environment.putAll(StoredJson.texts(descriptions.get(descriptions.lastKey())));
    }
    if (!attempts.isEmpty()) {
      environment.put("attempts", (long) attempts.size());
    }
    return environment;
  }

  private static Optional<Double> median(List<MetricPoint> points) {
    List<Double> sorted = points.stream().map(MetricPoint::value).sorted().toList();
    return sorted.isEmpty() ? Optional.empty() : Optional.of(sorted.get(sorted.size() / 2));
  }

  /** The last state of its training. */
  Optional<CheckpointRow> last() {
    return checkpoints.isEmpty()
        ? Optional.empty()
        : Optional.of(checkpoints.get(checkpoints.size() - 1));
  }
}
