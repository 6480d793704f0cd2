package dev.pawl.activities.verify;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pawl.activities.artifact.ArtifactManifest;
import dev.pawl.activities.artifact.ArtifactStore;
import dev.pawl.activities.artifact.ArtifactStores;
import dev.pawl.activities.stage.Replay;
import dev.pawl.activities.stage.ReplayRequest;
import dev.pawl.db.Database;
import dev.pawl.db.FindingStore;
import dev.pawl.db.RunRow;
import dev.pawl.db.RunStatus;
import dev.pawl.db.StageRow;
import dev.pawl.db.StageStatus;
import dev.pawl.experiments.CanonicalJson;
import dev.pawl.experiments.plan.StageKind;
import dev.pawl.experiments.plan.StageLabel;
import dev.pawl.model.failure.PawlException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Walks a run from its configuration to its rows and compares each thing with what it was when it
 * was made: stage keys with configurations and inputs, artifacts with their digests to the last
 * byte, checkpoints with their manifests and their steps, the samples in training order with those
 * consumed, stored metrics, scores and measurements with what the stages wrote beside their
 * results. Changes nothing, but for bringing here what others have made.
 */
public final class Verification {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Database database;
  private final Path home;
  private final ArtifactStore artifacts;
  private final ConfigurationCheck configurations = new ConfigurationCheck();

  public Verification(Database database, Path home) {
    this.database = database;
    this.home = home;
    this.artifacts = ArtifactStores.of(home);
  }

  /**
   * Looks at every stage of a run.
   *
   * @param replay steps of the training to train again and to compare
   */
  public Certificate certify(RunRow run, String codeVersion, ReplayRequest replay)
      throws IOException {
    List<StageRow> stages = database.experiments().stagesOf(run.id());
    List<Finding> findings = new ArrayList<>();
    List<StageFacts> facts = new ArrayList<>();
    findings.add(configurations.run(run, stages));
    for (StageRow stage : stages) {
      facts.add(facts(stage));
      String label = StageLabel.of(stage.kind(), stage.version(), stage.configJson());
      for (Finding finding : look(run, stage, replay)) {
        findings.add(finding.stage().equals(stage.kind()) ? finding.of(label) : finding);
      }
    }
    return new Certificate(
        run.id(),
        run.name(),
        run.experiment(),
        CanonicalJson.read(run.configJson(), JsonNode.class).path("seed").asLong(),
        Instant.now(),
        codeVersion,
        facts,
        findings);
  }

  private List<Finding> look(RunRow run, StageRow stage, ReplayRequest replay) throws IOException {
    List<Finding> findings = new ArrayList<>();
    boolean pretrain = stage.kind().equals(StageKind.PRETRAIN.id());
    Finding configuration = configurations.stage(stage);
    findings.add(configuration);
    boolean known = configuration.verdict() == Verdict.OK;
    if (pretrain && known) {
      findings.add(configurations.training(run, stage));
    }
    if (stage.status() != StageStatus.DONE && run.status() == RunStatus.STOPPED_EARLY) {
      findings.add(
          Finding.good(stage.kind(), "result", 0, "none is asked for: the run was stopped early"));
      return findings;
    }
    if (stage.status() != StageStatus.DONE) {
      findings.add(
          Finding.bad(stage.kind(), "result", "the stage is %s".formatted(stage.status())));
      return findings;
    }
    stored(stage, findings);
    Finding artifact = artifact(stage);
    findings.add(artifact);
    boolean whole = artifact.verdict() == Verdict.OK;
    if (whole && known) {
      results(stage, findings);
    }
    if (replay.steps() > 0 && pretrain && known) {
      findings.add(replayed(run, stage, replay));
    }
    return findings;
  }

  private StageFacts facts(StageRow stage) {
    SortedMap<Integer, Map<String, String>> environments = new TreeMap<>();
    database
        .environments()
        .ofAttempts(stage.key())
        .forEach(
            (attempt, json) -> {
              Map<String, String> environment = new TreeMap<>();
              CanonicalJson.read(json, JsonNode.class)
                  .properties()
                  .forEach(each -> environment.put(each.getKey(), each.getValue().asText()));
              environments.put(attempt, environment);
            });
    return new StageFacts(
        stage.kind(), stage.version(), stage.key(), stage.digest().orElse(""), environments);
  }

  /** What the stages themselves found while they computed. */
  private void stored(StageRow stage, List<Finding> findings) {
    String mark = FindingStore.INEXACT + ": ";
    List<String> found = database.findings().of(stage.key());
    boolean inexact = found.stream().anyMatch(each -> each.startsWith(mark));
    for (String each : found) {
      if (each.startsWith(mark)) {
        findings.add(
            Finding.inexact(stage.kind(), FindingStore.INEXACT, each.substring(mark.length())));
      } else if (inexact && each.startsWith("metric: ")) {
        // Another machine computes other last bits: this follows from the mark.
        findings.add(Finding.inexact(stage.kind(), "finding", each));
      } else {
        findings.add(Finding.bad(stage.kind(), "finding", each));
      }
    }
    for (String note : database.findings().notesOf(stage.key())) {
      findings.add(Finding.good(stage.kind(), "note", 1, note));
    }
    if (found.isEmpty()) {
      findings.add(Finding.good(stage.kind(), "findings", 0, "none"));
    }
  }

  private Finding artifact(StageRow stage) {
    String digest = stage.digest().orElse("");
    return artifacts
        .fetch(stage.kind(), stage.key(), digest, true, bytes -> {})
        .map(problem -> Finding.bad(stage.kind(), "artifact", problem))
        .orElseGet(() -> sealed(stage, digest));
  }

  private Finding sealed(StageRow stage, String digest) {
    ArtifactManifest manifest = artifacts.find(stage.kind(), stage.key()).orElseThrow();
    return Finding.good(
        stage.kind(),
        "artifact",
        manifest.files().size(),
        "%d files of %d bytes hashed again, digest %s"
            .formatted(manifest.files().size(), manifest.bytes(), digest));
  }

  private void results(StageRow stage, List<Finding> findings) throws IOException {
    Path folder = artifacts.folder(stage.kind(), stage.key());
    switch (StageKind.of(stage.kind())) {
      case PRETRAIN -> findings.addAll(new TrainingCheck(database, home, stage).findings());
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

  private Finding replayed(RunRow run, StageRow stage, ReplayRequest request) throws IOException {
    if (!database.findings().inexact(run.id()).isEmpty()) {
      return Finding.inexact(
          stage.kind(), "replay", "not possible: the training changed its machine on the way");
    }
    try {
      Replay.Result result = new Replay(database, home).run(stage, request);
      String shown =
          "%d steps trained again: %d metrics and %d checkpoints have the same bits (after step %d, %s)"
              .formatted(
                  result.steps(),
                  result.metrics(),
                  result.checkpoints(),
                  result.from(),
                  result.choice());
      return result.difference().isEmpty()
          ? Finding.good(stage.kind(), "replay", result.metrics() + result.checkpoints(), shown)
          : Finding.bad(
              stage.kind(),
              "replay",
              "%s (after step %d, %s)"
                  .formatted(result.difference(), result.from(), result.choice()));
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
          stage.kind(),
          subject,
          written.size(),
          written.size() + (written.size() == 1 ? " row" : " rows"));
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
}
