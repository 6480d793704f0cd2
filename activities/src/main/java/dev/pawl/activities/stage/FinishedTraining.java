package dev.pawl.activities.stage;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pawl.activities.artifact.DurableFiles;
import dev.pawl.activities.artifact.LocalArtifactStore;
import dev.pawl.db.Database;
import dev.pawl.db.MetricPoint;
import dev.pawl.db.StageRow;
import dev.pawl.experiments.CanonicalJson;
import dev.pawl.experiments.stage.PretrainStageConfig;
import dev.pawl.model.architecture.Architecture;
import dev.pawl.model.checkpoint.SkippedRange;
import dev.pawl.model.config.AnomalyAction;
import dev.pawl.model.training.DataPosition;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** A training that is done, to be looked at again: its samples, and the metrics it must have. */
public final class FinishedTraining {
  private static final int SHOWN = 3;

  private final Database database;
  private final LocalArtifactStore artifacts;
  private final StageRow stage;
  private final PretrainStageConfig config;
  private final JsonNode result;
  private final List<SkippedRange> rewinds;

  public FinishedTraining(Database database, Path home, StageRow stage) {
    this.database = database;
    this.artifacts = new LocalArtifactStore(home);
    this.stage = stage;
    this.config = CanonicalJson.read(stage.configJson(), PretrainStageConfig.class);
    this.result = CanonicalJson.read(stage.resultJson().orElse("{}"), JsonNode.class);
    this.rewinds = SkippedRanges.rewinds(database, stage.key());
  }

  /** Its configuration. */
  public PretrainStageConfig config() {
    return config;
  }

  /** What it went back for, in order. */
  List<SkippedRange> rewinds() {
    return rewinds;
  }

  /** What ended it before its last step, if anything did. */
  public Optional<EndedBy> endedBy() {
    return EndedBy.of(result.path(EndedBy.KEY).asText());
  }

  /** Samples consumed after a step, as the recipe and what was passed over say. */
  public long consumedAfter(long step) {
    return DataPosition.after(config.training().batchSizes(), step, rewinds);
  }

  /** The step it ended with, as it said itself. */
  public long end() {
    return result.path("step").asLong();
  }

  /**
   * The digests of all samples consumed, by the step after which they are asked for.
   *
   * @param consumed by step: how many samples its state says it has consumed
   */
  public Map<Long, String> samples(SortedMap<Long, Long> consumed) throws IOException {
    Path work = artifacts.work("verify-" + stage.key());
    try (TrainingSamples opened = open(work)) {
      ConsumedSamples samples = new ConsumedSamples(opened.data());
      int length = config.training().maxLength() + samples.extraTokens();
      int[] ids = new int[length];
      byte[] mask = new byte[length];
      Map<Long, String> digests = new HashMap<>();
      Map<Long, Long> passed = new HashMap<>();
      rewinds.forEach(range -> passed.put(range.firstSample(), range.end()));
      long position = 0;
      for (Map.Entry<Long, Long> wanted : new TreeMap<>(consumed).entrySet()) {
        while (position < wanted.getValue()) {
          if (passed.containsKey(position)) {
            position = passed.get(position);
          } else {
            samples.read(position++, ids, mask);
          }
        }
        digests.put(wanted.getKey(), samples.sha256Digest(position));
      }
      return digests;
    } finally {
      DurableFiles.remove(work);
    }
  }

  /**
   * Opens its samples.
   *
   * @param work folder for indices
   */
  TrainingSamples open(Path work) throws IOException {
    String key = stage.inputs().get("tokenize");
    StageRow tokens = database.stages().find(key).orElseThrow();
    Path data = artifacts.folder(tokens.kind(), key);
    TokenizedCorpus corpus =
        Json.read(data.resolve(TokenizedCorpus.FILE_NAME), TokenizedCorpus.class);
    return TrainingSamples.open(config, corpus, data, work);
  }

  /** What the record lacks of the metrics that each step must have; empty when it lacks nothing. */
  public Optional<String> missingMetrics() throws IOException {
    List<String> names = new ArrayList<>(List.of("train_loss", "learning_rate", "gradient_norm"));
    List<String> losses = Architecture.of(config.model()).losses();
    names.addAll(losses.subList(1, losses.size()));
    Map<String, BitSet> stored = new HashMap<>();
    names.forEach(name -> stored.put(name, new BitSet()));
    database
        .metrics()
        .read(
            stage.key(),
            points -> {
              while (points.hasNext()) {
                MetricPoint point = points.next();
                BitSet steps = stored.get(point.name());
                if (steps != null) {
                  steps.set(Math.toIntExact(point.step()));
                }
              }
            });
    Set<Long> withoutUpdate = new HashSet<>();
    database
        .skippedRanges()
        .of(stage.key())
        .forEach(
            range -> {
              if (range.action().equals(AnomalyAction.SKIP.name())) {
                withoutUpdate.add(range.failedStep());
              }
            });
    List<String> missing = new ArrayList<>();
    int stop = Math.toIntExact(end());
    for (int step = 1; step <= stop; step++) {
      boolean logged = step % config.training().loggingSteps() == 0 || step == stop;
      if (logged && !withoutUpdate.contains((long) step)) {
        for (String name : names) {
          if (!stored.getOrDefault(name, new BitSet()).get(step)) {
            missing.add("%s of step %d".formatted(name, step));
          }
        }
      }
    }
    if (missing.isEmpty()) {
      return Optional.empty();
    }
    List<String> first = missing.subList(0, Math.min(SHOWN, missing.size()));
    return Optional.of(
        "the record lacks %s%s"
            .formatted(
                String.join(", ", first),
                missing.size() > SHOWN ? " and %d more".formatted(missing.size() - SHOWN) : ""));
  }
}
