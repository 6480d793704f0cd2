package dev.pawl.activities.verify;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pawl.activities.artifact.LocalArtifactStore;
import dev.pawl.activities.stage.EndedBy;
import dev.pawl.activities.stage.Exactness;
import dev.pawl.activities.stage.FinishedTraining;
import dev.pawl.activities.stage.MetricsFile;
import dev.pawl.activities.stage.TrainingLineage;
import dev.pawl.db.CheckpointRow;
import dev.pawl.db.Database;
import dev.pawl.db.StageRow;
import dev.pawl.experiments.CanonicalJson;
import dev.pawl.experiments.stage.PretrainStageConfig;
import dev.pawl.model.checkpoint.Checkpoint;
import dev.pawl.model.checkpoint.CheckpointStore;
import dev.pawl.model.failure.PawlException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Is a training what was trained? Checkpoints, samples, metrics. */
final class TrainingCheck {
  private final Database database;
  private final Path home;
  private final StageRow stage;
  private final PretrainStageConfig config;
  private final FinishedTraining training;
  private final Path artifact;
  private final List<Finding> findings = new ArrayList<>();

  TrainingCheck(Database database, Path home, StageRow stage) {
    this.database = database;
    this.home = home;
    this.stage = stage;
    this.training = new FinishedTraining(database, home, stage);
    this.config = training.config();
    this.artifact = new LocalArtifactStore(home).folder(stage.kind(), stage.key());
  }

  List<Finding> findings() throws IOException {
    List<CheckpointRow> rows = database.checkpoints().of(stage.key());
    end();
    add("chain", chain(rows), rows.size(), "%d checkpoints, each going on from one before it");
    List<Checkpoint> kept = kept(rows);
    if (!kept.isEmpty()) {
      exactness(kept.get(kept.size() - 1));
      samples(kept);
    }
    metrics();
    return findings;
  }

  private void add(String subject, Optional<String> problem, long compared, String good) {
    findings.add(
        problem
            .map(words -> Finding.bad(stage.kind(), subject, words))
            .orElseGet(
                () -> Finding.good(stage.kind(), subject, compared, good.formatted(compared))));
  }

  /** Where it ended, and why. */
  private void end() {
    long planned = config.training().stopSteps();
    Optional<EndedBy> ended = training.endedBy();
    boolean right = ended.isPresent() ? training.end() < planned : training.end() == planned;
    String text =
        ended
            .map(
                reason ->
                    "step %d of %d by %s%s"
                        .formatted(
                            training.end(),
                            planned,
                            reason.id(),
                            reason.repeatable()
                                ? ""
                                : ": a clock decided, another training may end elsewhere"))
            .orElse(
                right
                    ? "all %d steps".formatted(planned)
                    : "step %d of %d".formatted(training.end(), planned));
    findings.add(
        right
            ? Finding.good(stage.kind(), "end", training.end(), text)
            : Finding.bad(stage.kind(), "end", "it ended with " + text));
  }

  /** Every recorded checkpoint is where its step says, and goes on from one before it. */
  private Optional<String> chain(List<CheckpointRow> rows) {
    Set<String> known = new HashSet<>();
    for (CheckpointRow row : rows) {
      // One without a parent began with the initial weights, as a training does whose checkpoints
      // are all damaged; every other one goes on from one before it.
      if (!row.parentSha256().map(known::contains).orElse(true)) {
        return Optional.of(
            "the record's checkpoint of step %d goes on from %s, which is none before it"
                .formatted(row.step(), row.parentSha256().orElse("nothing")));
      }
      known.add(row.sha256());
      long expected = training.consumedAfter(row.step());
      if (row.consumedSamples() != expected) {
        return Optional.of(
            "the record's checkpoint of step %d has consumed %d samples, not %d"
                .formatted(row.step(), row.consumedSamples(), expected));
      }
    }
    long stop = training.end();
    return rows.stream().anyMatch(row -> row.step() == stop)
        ? Optional.empty()
        : Optional.of("the record has no checkpoint of the last step, %d".formatted(stop));
  }

  /** The checkpoints that are kept, verified; findings where one is not what is recorded. */
  private List<Checkpoint> kept(List<CheckpointRow> rows) throws IOException {
    List<Checkpoint> kept = new ArrayList<>();
    List<String> problems = new ArrayList<>();
    Map<Long, CheckpointRow> byStep = new HashMap<>();
    rows.forEach(row -> byStep.put(row.step(), row));
    for (Path folder : folders(rows)) {
      try {
        Checkpoint found = CheckpointStore.verify(folder);
        CheckpointRow row = byStep.get(found.step());
        difference(found, row).ifPresent(problems::add);
        kept.add(found);
      } catch (PawlException damaged) {
        problems.add(damaged.getMessage());
      }
    }
    if (kept.stream().noneMatch(found -> found.step() == training.end())) {
      problems.add(
          "%s holds no checkpoint of the last step, %d".formatted(artifact, training.end()));
    }
    Optional<String> problem =
        problems.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", problems));
    String last = kept.isEmpty() ? "" : kept.get(kept.size() - 1).sha256();
    add("checkpoints", problem, kept.size(), "%d kept, the last one " + last);
    return problems.isEmpty() ? kept : List.of();
  }

  private List<Path> folders(List<CheckpointRow> rows) throws IOException {
    Set<Path> folders = new LinkedHashSet<>();
    for (CheckpointRow row : rows) {
      if (row.removed().isEmpty()) {
        folders.add(home.resolve(row.path()).toAbsolutePath().normalize());
      }
    }
    return List.copyOf(folders);
  }

  private Optional<String> difference(Checkpoint found, @Nullable CheckpointRow row) {
    if (row == null || !row.sha256().equals(found.sha256())) {
      return Optional.of(
          "%s has sha256 %s, the record knows %s"
              .formatted(
                  found.folder(),
                  found.sha256(),
                  row == null ? "none of step " + found.step() : row.sha256()));
    }
    if (!row.parentSha256().equals(found.parentSha256())) {
      return Optional.of(
          "%s goes on from %s, the record says from %s"
              .formatted(
                  found.folder(),
                  found.parentSha256().orElse("nothing"),
                  row.parentSha256().orElse("nothing")));
    }
    Map<String, JsonNode> trained = new TreeMap<>();
    trained.put("stage_key", CanonicalJson.tree(stage.key()));
    trained.put("inputs", CanonicalJson.tree(stage.inputs()));
    trained.put("model", CanonicalJson.tree(config.model()));
    trained.put("seed", CanonicalJson.tree(config.seed()));
    for (Map.Entry<String, JsonNode> each : trained.entrySet()) {
      String there = found.lineage().path(each.getKey()).toString();
      if (!there.equals(each.getValue().toString())) {
        return Optional.of(
            "%s is of another training: its %s is %s, not %s"
                .formatted(found.folder(), each.getKey(), there, each.getValue()));
      }
    }
    return Optional.empty();
  }

  private void exactness(Checkpoint last) {
    List<String> marks = new ArrayList<>();
    last.lineage().path(Exactness.INEXACT).forEach(mark -> marks.add(mark.asText()));
    if (!marks.isEmpty()) {
      findings.add(Finding.inexact(stage.kind(), "machine", String.join("; ", marks)));
      return;
    }
    findings.add(
        Finding.good(
            stage.kind(),
            "machine",
            1,
            "all steps with %s threads on %s, libtorch %s, %s"
                .formatted(
                    last.lineage().path("threads").asText(),
                    last.lineage().path("device_kind").asText(),
                    last.lineage().path("libtorch").asText(),
                    last.lineage().path("cpu_capability").asText())));
  }

  /** Reads again what each kept state has consumed. */
  private void samples(List<Checkpoint> kept) throws IOException {
    SortedMap<Long, Long> consumed = new TreeMap<>();
    kept.forEach(state -> consumed.put(state.step(), state.consumedSamples()));
    Optional<String> problem = Optional.empty();
    try {
      Map<Long, String> digests = training.samples(consumed);
      for (Checkpoint state : kept) {
        String now = digests.getOrDefault(state.step(), "");
        String then = state.lineage().path(TrainingLineage.SAMPLES).asText();
        if (problem.isEmpty() && !now.equals(then)) {
          problem =
              Optional.of(
                  "the first %d samples in training order have sha256 %s, the training consumed %s (%s)"
                      .formatted(
                          state.consumedSamples(),
                          now,
                          then.isEmpty() ? "what it does not say" : then,
                          state.folder()));
        }
      }
    } catch (PawlException | IllegalArgumentException | IndexOutOfBoundsException unreadable) {
      problem = Optional.of("the samples cannot be read again: " + unreadable.getMessage());
    }
    long most = consumed.isEmpty() ? 0 : consumed.get(consumed.lastKey());
    add("samples", problem, most, "%d samples read again in training order");
  }

  private void metrics() throws IOException {
    Optional<String> missing = training.missingMetrics();
    Optional<String> changed = MetricsFile.difference(artifact, database.metrics(), stage.key());
    List<String> problems = new ArrayList<>();
    missing.ifPresent(problems::add);
    changed.ifPresent(problems::add);
    add(
        "metrics",
        problems.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", problems)),
        MetricsFile.points(artifact),
        "%d values as written by the training, none missing");
  }
}
