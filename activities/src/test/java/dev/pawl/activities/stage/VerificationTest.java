package dev.pawl.activities.stage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pawl.activities.artifact.ArtifactFile;
import dev.pawl.activities.artifact.ArtifactManifest;
import dev.pawl.activities.artifact.DurableFiles;
import dev.pawl.activities.verify.Certificate;
import dev.pawl.activities.verify.Finding;
import dev.pawl.activities.verify.Verdict;
import dev.pawl.activities.verify.Verification;
import dev.pawl.experiments.plan.StageKind;
import dev.pawl.model.dataset.FileDigest;
import dev.pawl.model.dataset.FileDigests;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A finished run has its certificate until anything of it is changed; the place is named. */
class VerificationTest {
  private static final String CHECKPOINT = "checkpoint-" + SmallRun.STEPS;
  private static final String TRAINING = "stage_key = '%s'";

  @TempDir static Path folder;
  private static SmallRun run;

  @BeforeAll
  static void train() throws IOException {
    run = new SmallRun(folder.resolve("run"), "vanilla").whole();
  }

  @AfterAll
  static void close() {
    run.close();
  }

  // Each test mends what it broke, and is held to it.
  @AfterEach
  void theRunIsWhole() throws IOException {
    Certificate certificate = certify();
    assertTrue(certificate.holds(), problems(certificate));
  }

  @Test
  void theCertificateSaysWhatWasComparedAndHowMuch() throws IOException {
    Certificate certificate = certify();
    assertEquals(42, certificate.seed());
    assertEquals(run.row().stagesTotal(), certificate.stages().size());
    List<String> training =
        certificate.findings().stream()
            .filter(finding -> finding.stage().equals("pretrain"))
            .map(finding -> finding.subject() + " " + finding.compared())
            .toList();
    long metrics = run.metrics().lines().count() - 1;
    assertTrue(metrics > 3L * SmallRun.STEPS, "metrics " + metrics);
    assertEquals(
        List.of(
            "configuration 2",
            "findings 0",
            // Model, optimizer, manifest, metrics.
            "artifact 4",
            "end " + SmallRun.STEPS,
            "chain 5",
            "checkpoints 1",
            "machine 1",
            "samples " + SmallRun.STEPS * SmallRun.BATCH,
            "metrics " + metrics),
        training);
    List<String> threads =
        certificate.stages().stream()
            .filter(stage -> stage.stage().equals("pretrain"))
            .map(stage -> stage.environments().get(1).get("threads"))
            .toList();
    assertEquals(List.of("2"), threads);
  }

  @Test
  void aByteOfACheckpointIsFound() throws IOException {
    for (String name : List.of("model.safetensors", "optimizer.safetensors", "manifest.json")) {
      Path file = run.artifact(StageKind.PRETRAIN).resolve(CHECKPOINT).resolve(name);
      flip(file);
      wrong("pretrain", "artifact", file.toString());
      flip(file);
    }
  }

  @Test
  void aByteOfTheDataIsFound() throws IOException {
    Path file = run.artifact(StageKind.TOKENIZE).resolve("train.bin");
    flip(file);
    wrong("tokenize", "artifact", file.toString());
    flip(file);
  }

  // Whoever changes the data and seals it again is found by what the training consumed.
  @Test
  void dataSealedAgainIsFound() throws IOException, SQLException {
    StageKind kind = StageKind.TOKENIZE;
    Path file = run.artifact(kind).resolve("train.bin");
    flip(file);
    String sealed = reseal(run, kind);
    wrong("pretrain", "samples", "samples in training order have sha256");
    flip(file);
    reseal(run, kind);
    assertEquals(sealed, run.stage(kind).digest().orElseThrow());
  }

  @Test
  void aMetricRowThatWasChangedOrDeletedIsFound() throws IOException, SQLException {
    String where =
        " WHERE %s AND step = 9 AND name = 'train_loss'".formatted(TRAINING.formatted(key()));
    change("UPDATE metric SET value = value * 2" + where);
    wrong("pretrain", "metrics", "9,train_loss,");
    change("UPDATE metric SET value = value / 2" + where);

    change("CREATE TABLE kept AS SELECT * FROM metric" + where);
    assertEquals(1, run.update("DELETE FROM metric" + where));
    wrong("pretrain", "metrics", "train_loss of step 9");
    change("INSERT INTO metric SELECT * FROM kept");
    run.update("DROP TABLE kept");
  }

  @Test
  void aDeletedCheckpointIsFound() throws IOException, SQLException {
    Path place = run.artifact(StageKind.PRETRAIN).resolve(CHECKPOINT);
    Path away = folder.resolve("away");
    Files.move(place, away);
    wrong("pretrain", "artifact", place.toString());
    Files.move(away, place);

    for (int step : new int[] {7, 14, SmallRun.STEPS}) {
      String where = " WHERE %s AND step = %d".formatted(TRAINING.formatted(key()), step);
      change("CREATE TABLE kept AS SELECT * FROM checkpoint" + where);
      assertEquals(1, run.update("DELETE FROM checkpoint" + where));
      wrong(
          "pretrain",
          "chain",
          step == SmallRun.STEPS ? "no checkpoint of the last step, 30" : "of step " + (step + 7));
      change("INSERT INTO checkpoint SELECT * FROM kept");
      run.update("DROP TABLE kept");
    }
  }

  @Test
  void anotherEndIsFound() throws IOException, SQLException {
    String set = "UPDATE stage SET result = jsonb_set(result, '{step}', '%d') WHERE key = '%s'";
    change(set.formatted(28, key()));
    wrong("pretrain", "end", "step 28 of 30");
    wrong("pretrain", "checkpoints", "no checkpoint of the last step, 28");
    change(set.formatted(SmallRun.STEPS, key()));
  }

  @Test
  void aChangedConfigurationIsFound() throws IOException, SQLException {
    String set = "UPDATE stage SET config = jsonb_set(config, '{training,learningRate}', '%s')";
    String where = " WHERE key = '%s'".formatted(key());
    assertEquals(1, run.update(set.formatted("0.004") + where));
    wrong("pretrain", "configuration", "the record says " + key());
    assertEquals(1, run.update(set.formatted("0.003") + where));

    assertEquals(1, run.update("UPDATE run SET config = jsonb_set(config, '{seed}', '43')"));
    wrong("run", "configuration", "its seed is 43, used was 42");
    assertEquals(1, run.update("UPDATE run SET config = jsonb_set(config, '{seed}', '42')"));
  }

  @Test
  void aFindingOfTheTrainingItselfIsShown() throws IOException, SQLException {
    change(
        "INSERT INTO finding (stage_key, attempt, subject, message) VALUES ('%s', 1, 'metric', 'x')"
            .formatted(key()));
    wrong("pretrain", "finding", "metric: x");
    change("UPDATE finding SET subject = 'inexact'");
    Certificate certificate = certify();
    assertEquals(Verdict.INEXACT, certificate.verdict(), problems(certificate));
    assertEquals(1, run.update("DELETE FROM finding"));
  }

  // Sealed again and with its digests in the record: the checkpoint itself says whose it is.
  @Test
  void aCheckpointOfAnotherRunIsFound() throws IOException, SQLException {
    try (SmallRun other =
        new SmallRun(folder.resolve("other"), "vanilla", "training.learning_rate=1e-3").whole()) {
      Path place = run.artifact(StageKind.PRETRAIN).resolve(CHECKPOINT);
      Path away = folder.resolve("away");
      Files.move(place, away);
      copy(other.artifact(StageKind.PRETRAIN).resolve(CHECKPOINT), place);
      wrong("pretrain", "artifact", place.toString());
      reseal(run, StageKind.PRETRAIN);
      wrong("pretrain", "checkpoints", "has sha256 " + other.lastDigest());
      String parent =
          other.checkpoints().get(other.checkpoints().size() - 1).parentSha256().orElseThrow();
      String last = "%s AND step = %d".formatted(TRAINING.formatted(key()), SmallRun.STEPS);
      String mine = run.lastDigest();
      String before = run.checkpoints().get(3).sha256();
      change(
          "UPDATE checkpoint SET sha256 = '%s', parent_sha256 = '%s' WHERE %s"
              .formatted(other.lastDigest(), parent, last));
      change(
          "UPDATE checkpoint SET sha256 = '%s' WHERE %s AND step = 28"
              .formatted(parent, TRAINING.formatted(key())));
      wrong("pretrain", "checkpoints", "is of another training: its stage_key is");
      change(
          "UPDATE checkpoint SET sha256 = '%s', parent_sha256 = '%s' WHERE %s"
              .formatted(mine, before, last));
      change(
          "UPDATE checkpoint SET sha256 = '%s' WHERE %s AND step = 28"
              .formatted(before, TRAINING.formatted(key())));
      DurableFiles.remove(place);
      Files.move(away, place);
      reseal(run, StageKind.PRETRAIN);
    }
  }

  private static Certificate certify() throws IOException {
    return new Verification(run.database, run.home).certify(run.row(), "test", ReplayRequest.NONE);
  }

  private static void wrong(String stage, String subject, String named) throws IOException {
    Certificate certificate = certify();
    assertEquals(Verdict.WRONG, certificate.verdict());
    assertTrue(
        certificate.findings().stream()
            .filter(finding -> finding.verdict() == Verdict.WRONG)
            .filter(finding -> finding.stage().equals(stage) && finding.subject().equals(subject))
            .anyMatch(finding -> finding.text().contains(named)),
        stage + " " + subject + " " + named + ":\n" + problems(certificate));
  }

  private static String problems(Certificate certificate) {
    return certificate.findings().stream()
        .filter(finding -> finding.verdict() != Verdict.OK)
        .map(Finding::toString)
        .collect(Collectors.joining("\n"));
  }

  private static String key() {
    return run.stage(StageKind.PRETRAIN).key();
  }

  private static void change(String sql) throws SQLException {
    assertEquals(1, run.update(sql), sql);
  }

  private static void flip(Path file) throws IOException {
    try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
      // Even: no token leaves the vocabulary by its low bit.
      long place = bytes.length() / 4 * 2;
      bytes.seek(place);
      int value = bytes.read();
      bytes.seek(place);
      bytes.write(value ^ 1);
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.createDirectories(to);
    try (Stream<Path> files = Files.list(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(file.getFileName()));
      }
    }
  }

  /** Writes the manifest of an artifact anew, as it is now; returns the digest before. */
  private static String reseal(SmallRun run, StageKind kind) throws IOException, SQLException {
    String key = run.stage(kind).key();
    Path place = run.artifact(kind);
    Path file = place.resolve(ArtifactManifest.FILE_NAME);
    ArtifactManifest old = run.artifacts().find(kind.id(), key).orElseThrow();
    TreeMap<String, ArtifactFile> files = new TreeMap<>();
    for (String name : old.files().keySet()) {
      FileDigest digest = FileDigests.of(place.resolve(name), bytes -> {});
      files.put(name, new ArtifactFile(digest.bytes(), digest.sha256()));
    }
    ArtifactManifest now =
        new ArtifactManifest(old.kind(), old.key(), old.producer(), old.resultJson(), files);
    ObjectMapper json = new ObjectMapper();
    ObjectNode tree = json.valueToTree(now);
    Files.write(file, json.writeValueAsBytes(tree));
    change("UPDATE artifact SET digest = '%s' WHERE stage_key = '%s'".formatted(now.digest(), key));
    return old.digest();
  }
}
