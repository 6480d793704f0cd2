package dev.pawl.activities.stage;

import dev.pawl.activities.StageRequest;
import dev.pawl.activities.artifact.LocalArtifactStore;
import dev.pawl.activities.protocol.Environments;
import dev.pawl.activities.protocol.Ledgers;
import dev.pawl.activities.protocol.StageContext;
import dev.pawl.activities.protocol.StageProgress;
import dev.pawl.activities.protocol.TimeLedger;
import dev.pawl.db.CheckpointRow;
import dev.pawl.db.Claim;
import dev.pawl.db.Database;
import dev.pawl.db.NewExperiment;
import dev.pawl.db.NewRun;
import dev.pawl.db.NewStage;
import dev.pawl.db.Owner;
import dev.pawl.db.StageRow;
import dev.pawl.experiments.CanonicalJson;
import dev.pawl.experiments.plan.StageKind;
import dev.pawl.experiments.stage.PretrainStageConfig;
import dev.pawl.model.checkpoint.CheckpointStore;
import dev.pawl.model.dataset.IndexedDatasetWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * The training stage of a small model, on token datasets in a folder of its own, under a claim on a
 * stage of a real database.
 */
final class SmallTraining implements StageContext {
  static final long STEPS = 12;

  private static final String CONFIG =
      """
      {"deviceKind": "cpu", "threads": 2, "seed": 1234,
       "model": {"architecture": "vanilla", "vocabSize": 1000,
         "modelConfig": {"numHiddenLayers": 1, "hiddenSize": 32, "numAttentionHeads": 2,
           "intermediateSize": 0, "rotaryPct": 0.25, "rotaryEmbBase": 10000, "layerNormEps": 1e-5}},
       "sampling": {"sampler": "BLOCK_TRANSFORMER", "split": "9,1", "weights": []},
       "training": {"maxLength": 8, "totalBatchSize": 2, "numTrainSteps": %d, "numWarmupSteps": 2,
         "learningRate": 1e-2, "minLearningRateRatio": 0.1, "adamBeta1": 0.9, "adamBeta2": 0.95,
         "adamEpsilon": 1e-8, "weightDecay": 0.1, "maxGradNorm": 1.0, "precision": "FP32",
         "activationRecompute": "NONE", "loggingSteps": 1, "validSamples": 2, "validSteps": 3,
         "saveSteps": %d, "checkpoints": %s}}""";

  private final Database database;
  private final Path home;
  private final String key;
  private final Claim claim;
  private final Path work;
  private final TimeLedger time;
  private Consumer<StageProgress> heard = progress -> {};

  private SmallTraining(Database database, Path home, String key, Claim claim) {
    this.database = database;
    this.home = home;
    this.key = key;
    this.claim = claim;
    this.work = taken(database, home, claim);
    this.time = Ledgers.of(database, claim);
  }

  private static Path taken(Database database, Path home, Claim claim) {
    try {
      return new LocalArtifactStore(home)
          .work(claim.key(), claim.attempt(), () -> database.stages().requireHeld(claim));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** Registers the stage and writes its data. */
  static String register(Database database, Path home, long saveSteps, String checkpoints)
      throws IOException {
    String key = Integer.toHexString(home.toString().hashCode()) + "0".repeat(16);
    Files.createDirectories(home.resolve("tokenize"));
    for (int set = 0; set < 2; set++) {
      Path prefix = home.resolve("tokenize/dataset-0000" + set);
      try (IndexedDatasetWriter writer = new IndexedDatasetWriter(prefix, 1000)) {
        for (int i = 0; i < 10; i++) {
          int first = 100 + 100 * set + 10 * i;
          writer.document(IntStream.range(first, first + 10).toArray());
        }
        writer.finish();
      }
    }
    Json.write(
        home.resolve("tokenize").resolve(TokenizedCorpus.FILE_NAME),
        new TokenizedCorpus("BYTES", "", 1000, 0, 20, 200, 0, 0));
    String config = CONFIG.formatted(STEPS, saveSteps, checkpoints);
    StageKind kind = StageKind.PRETRAIN;
    NewStage stage = new NewStage(key, kind.id(), kind.version(), config, Map.of("tokenize", "t"));
    NewRun run = new NewRun("run-" + key, "only", "vanilla", 0, "{}", List.of(stage));
    database
        .experiments()
        .register(new NewExperiment("e-" + key, "small", key, "{}", "", List.of(run)));
    return key;
  }

  /** Claims the stage for a new worker of this process. */
  static SmallTraining claim(Database database, Path home, String key, String worker) {
    return new SmallTraining(database, home, key, claimed(database, key, worker));
  }

  private static Claim claimed(Database database, String key, String worker) {
    String environment = database.environments().register(Environments.describe(Map.of()));
    // Over at once, so that the next one can take it.
    return database
        .stages()
        .claim(key, Owner.ofThisProcess(worker), Duration.ZERO, environment)
        .claim()
        .orElseThrow();
  }

  /** Another worker takes the stage over, and has not yet come to its files. */
  Claim takenOver() {
    return claimed(database, key, "thief");
  }

  SmallTraining hearing(Consumer<StageProgress> listener) {
    heard = listener;
    return this;
  }

  /** Trains to the end; the digest of the final state. */
  String run() throws IOException {
    PretrainStageConfig config =
        CanonicalJson.read(stage().configJson(), PretrainStageConfig.class);
    new PretrainStage().execute(config, this);
    return CheckpointStore.verify(output().resolve("checkpoint-" + STEPS)).sha256();
  }

  List<CheckpointRow> rows() {
    return database.checkpoints().of(key);
  }

  List<Long> there() {
    return rows().stream().filter(row -> row.removed().isEmpty()).map(CheckpointRow::step).toList();
  }

  Path checkpoints() {
    return work().resolve("checkpoints");
  }

  @Override
  public StageRequest request() {
    return new StageRequest("e-" + key, "run-" + key, key);
  }

  @Override
  public StageRow stage() {
    return database.stages().find(key).orElseThrow();
  }

  @Override
  public Claim claim() {
    return claim;
  }

  @Override
  public Database database() {
    return database;
  }

  @Override
  public Path input(String name) {
    return home.resolve(name);
  }

  @Override
  public Path output() {
    return folder("artifacts/pretrain/" + key);
  }

  @Override
  public Path work() {
    return work;
  }

  private Path folder(String name) {
    try {
      return Files.createDirectories(home.resolve(name));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Override
  public void progress(StageProgress progress) {
    heard.accept(progress);
  }

  @Override
  public TimeLedger time() {
    return time;
  }

  @Override
  public void check() {}
}
