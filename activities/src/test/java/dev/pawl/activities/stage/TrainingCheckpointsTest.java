package dev.pawl.activities.stage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.pawl.activities.protocol.StageCancelledException;
import dev.pawl.db.CheckpointRow;
import dev.pawl.db.Claim;
import dev.pawl.db.Database;
import dev.pawl.db.FencedException;
import dev.pawl.db.JdbcSettings;
import dev.pawl.db.MetricPoint;
import dev.pawl.db.TestDatabase;
import dev.pawl.experiments.CanonicalJson;
import dev.pawl.experiments.stage.PretrainStageConfig;
import dev.pawl.model.architecture.Architecture;
import dev.pawl.model.checkpoint.Checkpoint;
import dev.pawl.model.checkpoint.CheckpointStore;
import dev.pawl.model.checkpoint.TrainingState;
import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import dev.pawl.model.torch.TensorScope;
import dev.pawl.model.torch.Torch;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Trainings that are saved, stopped, harmed, killed and robbed, and end with the same bits. */
class TrainingCheckpointsTest {
  private static final String KEEP_TWO = "{\"asyncSave\": true, \"keepLast\": 2}";

  private static JdbcSettings settings;
  private static Database database;
  private static String straight;

  @TempDir Path home;

  @BeforeAll
  static void trainStraight(@TempDir Path folder) throws IOException {
    Torch.start(2);
    settings = TestDatabase.freshSettings();
    database = Database.open(settings);
    String key = SmallTraining.register(database, folder, 100, "{\"keepLast\": 1}");
    straight = SmallTraining.claim(database, folder, key, "straight").run();
  }

  @AfterAll
  static void close() {
    database.close();
  }

  private SmallTraining training(long saveSteps, String checkpoints) throws IOException {
    String key = SmallTraining.register(database, home, saveSteps, checkpoints);
    return SmallTraining.claim(database, home, key, "first");
  }

  private SmallTraining next(SmallTraining before) {
    return SmallTraining.claim(database, home, before.request().stageKey(), "second");
  }

  @ParameterizedTest
  @CsvSource({"2, true", "2, false", "5, true", "0, true", "0, false"})
  void whenAndHowItIsSavedChangesNoBit(long saveSteps, boolean async) throws IOException {
    SmallTraining training =
        training(
            saveSteps,
            "{\"asyncSave\": %s, \"keepLast\": 2, \"meanTimeBetweenFailures\": 0.01}"
                .formatted(async));
    assertEquals(straight, training.run());
    assertEquals(List.of(SmallTraining.STEPS), training.there());
    requireChain(training.rows());
  }

  @Test
  void everyCheckpointIsOfItsStepAndLinkedToTheOneBefore() throws IOException {
    SmallTraining training = training(1, KEEP_TWO);
    training.run();
    assertEquals(12, training.rows().size());
    requireChain(training.rows());
    for (CheckpointRow row : training.rows()) {
      assertEquals(2 * row.step(), row.consumedSamples());
      assertEquals(row.step() == 12, row.removed().isEmpty());
    }
    List<MetricPoint> stalls =
        database.metrics().curve(training.request().stageKey(), "save_stall_seconds");
    assertEquals(12, stalls.size());
  }

  @Test
  void whatIsKeptForGoodIsInTheArtifactBesideTheFinalOne() throws IOException {
    SmallTraining training =
        training(100, "{\"asyncSave\": true, \"keepLast\": 1, \"keepEvery\": 5, \"keepBest\": 1}");
    assertEquals(straight, training.run());
    long best =
        database.metrics().curve(training.request().stageKey(), "valid_loss").stream()
            .min(Comparator.comparingDouble(MetricPoint::value))
            .orElseThrow()
            .step();
    Set<Long> kept = new HashSet<>(List.of(5L, 10L, 12L, best));
    assertEquals(kept, Set.copyOf(training.there()));
    assertEquals(kept, new CheckpointStore(training.output()).steps());
    for (CheckpointRow row : training.rows()) {
      if (row.removed().isEmpty()) {
        Checkpoint there = CheckpointStore.verify(home.resolve(row.path()));
        assertEquals(row.sha256(), there.sha256());
        assertEquals(training.output(), there.folder().getParent());
      }
    }
    requireChain(training.rows());
    try (TrainedModel last = TrainedModel.open(training.output())) {
      assertEquals(straight, last.checkpoint().sha256());
    }
  }

  @Test
  void stoppedTrainingIsSavedWhereItStopped() throws IOException {
    SmallTraining training = stoppedAt(training(4, KEEP_TWO), 7);
    assertEquals(List.of(4L, 7L), training.there());
    assertEquals(Set.of(4L, 7L), new CheckpointStore(training.checkpoints()).steps());
    assertEquals(straight, next(training).run());
  }

  @Test
  void recordedPlacesFollowTheFolderThatAnAttemptTakesOver() throws IOException {
    SmallTraining first = stoppedAt(training(4, KEEP_TWO), 7);
    // Stopped again before it saves anything of its own.
    SmallTraining second = stoppedAt(next(first), 7);
    assertFalse(Files.exists(first.checkpoints()));
    assertEquals(List.of(4L, 7L), second.there());
    for (CheckpointRow row : second.rows()) {
      if (row.removed().isEmpty()) {
        Checkpoint there = CheckpointStore.verify(home.resolve(row.path()));
        assertEquals(row.sha256(), there.sha256());
        assertEquals(second.checkpoints(), there.folder().getParent());
      }
    }
  }

  private static SmallTraining stoppedAt(SmallTraining training, long step) {
    training.hearing(
        progress -> {
          if (progress.done() == step) {
            throw new StageCancelledException("an operator asked to stop", null);
          }
        });
    assertThrows(StageCancelledException.class, training::run);
    return training;
  }

  @ParameterizedTest
  @ValueSource(strings = {"model.safetensors", "optimizer.safetensors", "manifest.json"})
  void damageIsKeptInTheRecordAndTheOneBeforeIsUsed(String file) throws IOException {
    SmallTraining training = stoppedAt(training(4, KEEP_TWO), 7);
    Path harmed = training.checkpoints().resolve("checkpoint-7").resolve(file);
    try (RandomAccessFile bytes = new RandomAccessFile(harmed.toFile(), "rw")) {
      bytes.setLength(bytes.length() / 2);
    }
    SmallTraining second = next(training);
    assertEquals(straight, second.run());
    List<String> notes = database.findings().notesOf(second.request().stageKey());
    assertEquals(1, notes.size());
    assertTrue(notes.get(0).contains("checkpoint-7"), notes.get(0));
    assertTrue(notes.get(0).contains("training goes on from step 4"), notes.get(0));
    assertEquals(List.of(), database.findings().of(second.request().stageKey()));
    CheckpointRow row =
        second.rows().stream().filter(each -> each.step() == 7).findFirst().orElseThrow();
    assertTrue(row.removed().orElseThrow().startsWith("damaged: "), row.toString());
    requireChain(second.rows());
  }

  @Test
  void trainingWhoseCheckpointsAreAllDamagedBeginsAnew() throws IOException {
    SmallTraining training = stoppedAt(training(4, KEEP_TWO), 7);
    for (String name : List.of("checkpoint-4", "checkpoint-7")) {
      Files.delete(training.checkpoints().resolve(name).resolve("optimizer.safetensors"));
    }
    SmallTraining second = next(training);
    assertEquals(straight, second.run());
    List<String> notes = database.findings().notesOf(second.request().stageKey());
    assertEquals(2, notes.size());
    assertTrue(notes.get(0).contains("training begins anew"), notes.get(0));
  }

  @Test
  void checkpointOfAnotherShapeFailsBeforeAnyStep() throws IOException {
    SmallTraining training = training(4, KEEP_TWO);
    String wide = training.stage().configJson().replace("\"hiddenSize\": 32", "\"hiddenSize\": 64");
    PretrainStageConfig config = CanonicalJson.read(wide, PretrainStageConfig.class);
    PretrainStageConfig own =
        CanonicalJson.read(training.stage().configJson(), PretrainStageConfig.class);
    try (TensorScope scope = Torch.scope()) {
      TrainingState other =
          TrainingState.initial(scope, Architecture.of(config.model()), config.seed());
      other.moveTo(3, 6);
      new CheckpointStore(training.checkpoints()).save(other, lineage(own, training).of(other));
    }
    PawlException refused = assertThrows(PawlException.class, training::run);
    assertEquals(FailureCause.DATA, refused.failureCause());
    assertTrue(
        refused.getMessage().contains("hidden_size is 64 in the file, 32 in the model"),
        refused.getMessage());
    assertTrue(refused.getMessage().contains("remove "), refused.getMessage());
    assertEquals(List.of(), database.metrics().curve(training.request().stageKey(), "train_loss"));
  }

  @Test
  void whoeverLostTheClaimMakesNothingVisibleAndRemovesNothing() throws IOException {
    SmallTraining training = training(1, "{\"asyncSave\": true, \"keepLast\": 1}");
    PretrainStageConfig config =
        CanonicalJson.read(training.stage().configJson(), PretrainStageConfig.class);
    TrainingCheckpoints checkpoints =
        new TrainingCheckpoints(training, config.training(), lineage(config, training));
    try (checkpoints;
        TensorScope scope = Torch.scope()) {
      TrainingState state =
          TrainingState.initial(scope, Architecture.of(config.model()), config.seed());
      state.moveTo(1, 2);
      assertEquals(1, checkpoints.saved(state).step());
      Claim thief = training.takenOver();
      assertEquals(2, thief.attempt());
      state.moveTo(2, 4);
      checkpoints.save(state);
      assertThrows(FencedException.class, () -> checkpoints.saved(state));
    }
    assertEquals(Set.of(1L), new CheckpointStore(training.checkpoints()).steps());
    assertFalse(Files.exists(training.checkpoints().resolve("checkpoint-2.tmp")));
    assertEquals(List.of(1L), training.there());
    assertEquals(1, training.rows().size());
  }

  private static TrainingLineage lineage(PretrainStageConfig config, SmallTraining training)
      throws IOException {
    TokenizedCorpus corpus =
        Json.read(
            training.input("tokenize").resolve(TokenizedCorpus.FILE_NAME), TokenizedCorpus.class);
    ConsumedSamples samples = new ConsumedSamples((position, ids, mask) -> {});
    return new TrainingLineage(config, training, corpus, samples);
  }

  @Test
  void fullDiskFailsClearlyAndLeavesTheCheckpointBefore() throws Exception {
    Path disk = Files.createDirectory(home.resolve("disk"));
    assumeTrue(
        run("mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", disk.toString()) == 0,
        "no right to mount a small disk: the test of a full one is left out");
    try {
      String key = SmallTraining.register(database, disk, 4, KEEP_TWO);
      SmallTraining training = SmallTraining.claim(database, disk, key, "first");
      Path filler = disk.resolve("filler");
      training.hearing(
          progress -> {
            if (progress.done() == 6 && !Files.exists(filler)) {
              fill(filler);
            }
          });
      PawlException full = assertThrows(PawlException.class, training::run);
      assertEquals(FailureCause.INFRASTRUCTURE, full.failureCause());
      assertTrue(full.getMessage().contains("No space left on device"), full.getMessage());
      assertTrue(full.getMessage().contains("the one before it is intact"), full.getMessage());
      assertEquals(Set.of(4L), new CheckpointStore(training.checkpoints()).steps());
      assertFalse(Files.exists(training.checkpoints().resolve("checkpoint-8.tmp")));
      Files.delete(filler);
      SmallTraining second = SmallTraining.claim(database, disk, key, "second");
      assertEquals(straight, second.run());
      assertEquals(List.of(), database.findings().notesOf(key));
    } finally {
      // Lazily: mapped files may still be open.
      run("umount", "-l", disk.toString());
    }
  }

  private static void fill(Path file) {
    try {
      Files.write(file, new byte[12 << 20]);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "pretrain.before_save, 0",
    "pretrain.during_save, 0",
    "pretrain.before_save_move, 0",
    "pretrain.after_save, 1",
    "pretrain.after_record, 1",
  })
  void killedWhileSavingEndsWithTheSameBits(String point, int visible) throws Exception {
    String key =
        SmallTraining.register(database, home, 4, "{\"keepLast\": 1, \"asyncSave\": true}");
    assertEquals(137, killedAt(point, key));
    assertEquals(visible, new CheckpointStore(ofTheKilled(key)).steps().size());
    SmallTraining second = SmallTraining.claim(database, home, key, "second");
    assertEquals(straight, second.run());
    requireChain(second.rows());
    assertFalse(Files.exists(ofTheKilled(key)));
    try (Stream<Path> left = Files.list(second.checkpoints())) {
      assertEquals(List.of(second.checkpoints().resolve("checkpoint-12")), left.toList());
    }
  }

  @Test
  void killedWhileRemovingLeavesMoreAndNeverLess() throws Exception {
    String key =
        SmallTraining.register(database, home, 1, "{\"keepLast\": 2, \"asyncSave\": true}");
    assertEquals(137, killedAt("pretrain.remove", key));
    assertEquals(Set.of(1L, 2L, 3L), new CheckpointStore(ofTheKilled(key)).steps());
    SmallTraining second = SmallTraining.claim(database, home, key, "second");
    assertEquals(straight, second.run());
    assertEquals(Set.of(11L, 12L), new CheckpointStore(second.checkpoints()).steps());
  }

  private Path ofTheKilled(String key) {
    return home.resolve("work/%s/1/checkpoints".formatted(key));
  }

  private int killedAt(String point, String key) throws IOException, InterruptedException {
    return run(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-cp",
        System.getProperty("java.class.path"),
        "-Dpawl.chaos=kill@" + point,
        KilledTraining.class.getName(),
        settings.url(),
        settings.user().orElse(""),
        settings.password().orElse(""),
        home.toString(),
        key);
  }

  private static int run(String... command) throws IOException, InterruptedException {
    return new ProcessBuilder(command)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start()
        .waitFor();
  }

  /** Each checkpoint goes on from one that was recorded at an earlier step, or from the start. */
  private static void requireChain(List<CheckpointRow> rows) {
    Set<String> known = new HashSet<>();
    for (CheckpointRow row : rows) {
      assertTrue(row.parentSha256().map(known::contains).orElse(known.isEmpty()), row.toString());
      known.add(row.sha256());
    }
  }
}
