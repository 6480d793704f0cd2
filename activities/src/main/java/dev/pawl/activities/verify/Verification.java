package dev.pawl.activities.verify;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pawl.activities.artifact.LocalArtifactStore;
import dev.pawl.activities.protocol.Stage;
import dev.pawl.activities.stage.EndedBy;
import dev.pawl.activities.stage.MetricsFile;
import dev.pawl.activities.stage.Replay;
import dev.pawl.activities.stage.SkippedRanges;
import dev.pawl.activities.stage.Stages;
import dev.pawl.db.CheckpointRow;
import dev.pawl.db.Database;
import dev.pawl.db.RunRow;
import dev.pawl.db.StageRow;
import dev.pawl.db.StageStatus;
import dev.pawl.experiments.CanonicalJson;
import dev.pawl.experiments.plan.StageKey;
import dev.pawl.experiments.plan.StageKind;
import dev.pawl.experiments.stage.PretrainStageConfig;
import dev.pawl.experiments.stage.StageConfig;
import dev.pawl.model.checkpoint.Checkpoint;
import dev.pawl.model.checkpoint.CheckpointStore;
import dev.pawl.model.failure.PawlException;
import dev.pawl.model.training.DataPosition;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Walks a run from its configuration to its rows and compares each thing with what it was when it
 * was made: stage keys with configurations and inputs, artifacts with their digests to the last
 * byte, checkpoints with their manifests and their steps, stored metrics, scores and measurements
 * with what the stages wrote beside their results. Reads only.
 */
public final class Verification {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Database database;
  private final Path home;
  private final LocalArtifactStore artifacts;
  private final Map<StageKind, Class<?>> configs = new TreeMap<>();

  public Verification(Database database, Path home) {
    this.database = database;
    this.home = home;
    this.artifacts = new LocalArtifactStore(home);
    for (Stage<?> stage : Stages.all()) {
      configs.put(stage.kind(), stage.configType());
    }
  }

  /**
   * Looks at every stage of a run.
   *
   * @param replay first steps of the training to train again and to compare; 0 for none
   */
  public Certificate certify(RunRow run, String codeVersion, long replay) throws IOException {
    List<Finding> findings = new ArrayList<>();
    for (StageRow stage : database.experiments().stagesOf(run.id())) {
      findings.add(configuration(stage));
      if (stage.status() != StageStatus.DONE) {
        findings.add(
            Finding.bad(stage.kind(), "result", "the stage is %s".formatted(stage.status())));
        continue;
      }
      for (String found : database.findings().of(stage.key())) {
        findings.add(Finding.bad(stage.kind(), "finding", found));
      }
      Finding artifact = artifact(stage);
      findings.add(artifact);
      if (artifact.problem().isEmpty()) {
        results(stage, findings);
      }
      if (replay > 0 && stage.kind().equals(StageKind.PRETRAIN.id())) {
        findings.add(replayed(stage, replay));
      }
    }
    return new Certificate(
        run.id(), run.name(), run.experiment(), Instant.now(), codeVersion, findings);
  }

  private Finding configuration(StageRow stage) {
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
          ? Finding.good(stage.kind(), "configuration", key)
          : Finding.bad(
              stage.kind(),
              "configuration",
              "configuration and inputs have the key %s, the record says %s"
                  .formatted(key, stage.key()));
    } catch (IllegalArgumentException unreadable) {
      return Finding.bad(stage.kind(), "configuration", unreadable.getMessage());
    }
  }

  private Finding artifact(StageRow stage) {
    String digest = stage.digest().orElse("");
    return artifacts
        .verify(stage.kind(), stage.key(), digest, true, bytes -> {})
        .map(problem -> Finding.bad(stage.kind(), "artifact", problem))
        .orElseGet(() -> Finding.good(stage.kind(), "artifact", digest));
  }

  private void results(StageRow stage, List<Finding> findings) throws IOException {
    Path folder = artifacts.folder(stage.kind(), stage.key());
    switch (StageKind.of(stage.kind())) {
      case PRETRAIN -> {
        findings.add(checkpoints(stage, folder));
        findings.add(end(stage, folder));
        findings.add(
            compared(
                stage, "metrics", MetricsFile.difference(folder, database.metrics(), stage.key())));
      }
      case EVALUATE ->
          findings.add(
              rows(
                  stage,
                  "scores",
                  folder.resolve("evaluation.json"),
                  database.evaluations().of(stage.key())));
      case GENERATION ->
          findings.add(
              rows(
                  stage,
                  "measurements",
                  folder.resolve("generation.json"),
                  database.generations().of(stage.key())));
      default -> {}
    }
  }

  /** Every recorded checkpoint is where its step says; the last one is the artifact's. */
  private Finding checkpoints(StageRow stage, Path folder) {
    PretrainStageConfig config = CanonicalJson.read(stage.configJson(), PretrainStageConfig.class);
    List<CheckpointRow> rows = database.checkpoints().of(stage.key());
    Set<String> known = new HashSet<>();
    for (CheckpointRow row : rows) {
      // A checkpoint of the initial state has no parent, every other one is linked to one before
      // it.
      if (!row.parentSha256().map(known::contains).orElse(known.isEmpty())) {
        return Finding.bad(
            stage.kind(),
            "checkpoints",
            "the record's checkpoint of step %d goes on from %s, which is none before it"
                .formatted(row.step(), row.parentSha256().orElse("nothing")));
      }
      known.add(row.sha256());
      long expected =
          DataPosition.after(
              config.training().batchSizes(),
              row.step(),
              SkippedRanges.rewinds(database, stage.key()));
      if (row.consumedSamples() != expected) {
        return Finding.bad(
            stage.kind(),
            "checkpoints",
            "the record's checkpoint of step %d has consumed %d samples, not %d"
                .formatted(row.step(), row.consumedSamples(), expected));
      }
    }
    try {
      Checkpoint last =
          new CheckpointStore(folder)
              .newest()
              .map(CheckpointStore::verify)
              .orElseThrow(() -> new IllegalStateException("the artifact holds no checkpoint"));
      boolean recorded =
          rows.stream()
              .anyMatch(row -> row.step() == last.step() && row.sha256().equals(last.sha256()));
      return recorded
          ? Finding.good(stage.kind(), "checkpoints", last.sha256())
          : Finding.bad(
              stage.kind(),
              "checkpoints",
              "the record knows no checkpoint of step %d with sha256 %s"
                  .formatted(last.step(), last.sha256()));
    } catch (PawlException | IllegalStateException damaged) {
      return Finding.bad(stage.kind(), "checkpoints", damaged.getMessage());
    }
  }

  /** Where the training ended and why; a clock's word is shown as such. */
  private static Finding end(StageRow stage, Path folder) throws IOException {
    PretrainStageConfig config = CanonicalJson.read(stage.configJson(), PretrainStageConfig.class);
    JsonNode result = JSON.readTree(stage.resultJson().orElse("{}"));
    long step = result.path("step").asLong();
    long planned = config.training().stopSteps();
    Optional<EndedBy> ended = EndedBy.of(result.path(EndedBy.KEY).asText());
    boolean there =
        new CheckpointStore(folder)
            .newest()
            .filter(path -> path.endsWith("checkpoint-" + step))
            .isPresent();
    if (!there || (ended.isEmpty() && step != planned)) {
      return Finding.bad(
          stage.kind(),
          "end",
          "the result says step %d of %d, the artifact does not".formatted(step, planned));
    }
    return Finding.good(
        stage.kind(),
        "end",
        ended
            .map(
                reason ->
                    "step %d of %d by %s%s"
                        .formatted(
                            step,
                            planned,
                            reason.id(),
                            reason.repeatable()
                                ? ""
                                : ": a clock decided, another training may end elsewhere"))
            .orElse("all %d steps".formatted(planned)));
  }

  private Finding replayed(StageRow stage, long steps) throws IOException {
    try {
      Replay.Result result = new Replay(database, home).run(stage, steps);
      String shown =
          "%d steps trained again: %d metrics and %d checkpoints have the same bits"
              .formatted(result.steps(), result.metrics(), result.checkpoints());
      return result.difference().isEmpty()
          ? Finding.good(stage.kind(), "replay", shown)
          : Finding.bad(stage.kind(), "replay", result.difference());
    } catch (PawlException impossible) {
      return Finding.bad(stage.kind(), "replay", impossible.getMessage());
    }
  }

  private static Finding rows(StageRow stage, String subject, Path file, List<?> stored)
      throws IOException {
    List<String> written = lines(JSON.readTree(file.toFile()));
    List<String> found = lines(JSON.valueToTree(stored));
    if (written.equals(found)) {
      return Finding.good(
          stage.kind(), subject, written.size() + (written.size() == 1 ? " row" : " rows"));
    }
    List<String> changed = new ArrayList<>(found);
    changed.removeAll(written);
    List<String> lost = new ArrayList<>(written);
    lost.removeAll(found);
    return Finding.bad(
        stage.kind(),
        subject,
        "the record has %s where the stage wrote %s".formatted(changed, lost));
  }

  private static List<String> lines(JsonNode array) {
    List<String> lines = new ArrayList<>();
    array.forEach(row -> lines.add(row.toString()));
    Collections.sort(lines);
    return lines;
  }

  private static Finding compared(StageRow stage, String subject, Optional<String> problem) {
    return problem
        .map(words -> Finding.bad(stage.kind(), subject, words))
        .orElseGet(() -> Finding.good(stage.kind(), subject, "as written by the training"));
  }
}
