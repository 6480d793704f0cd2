package dev.pawl.activities.stage;

import dev.pawl.activities.StageOutcome;
import dev.pawl.activities.StageRequest;
import dev.pawl.activities.artifact.LocalArtifactStore;
import dev.pawl.activities.protocol.ForwardingContext;
import dev.pawl.activities.protocol.LeaseTiming;
import dev.pawl.activities.protocol.ProgressListener;
import dev.pawl.activities.protocol.Stage;
import dev.pawl.activities.protocol.StageContext;
import dev.pawl.activities.protocol.StageProgress;
import dev.pawl.activities.protocol.StageProtocol;
import dev.pawl.activities.protocol.StageRegistry;
import dev.pawl.activities.protocol.StageResult;
import dev.pawl.db.Database;
import dev.pawl.db.NewExperiment;
import dev.pawl.db.NewRun;
import dev.pawl.db.NewStage;
import dev.pawl.db.RunRow;
import dev.pawl.db.StageRow;
import dev.pawl.experiments.CanonicalJson;
import dev.pawl.experiments.plan.StageKey;
import dev.pawl.experiments.plan.StageKind;
import dev.pawl.experiments.stage.PretrainStageConfig;
import dev.pawl.model.config.ModelConfig;
import dev.pawl.model.config.TrainingConfig;
import dev.pawl.model.dataset.IndexedDatasetWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongConsumer;

/**
 * A training stage as a worker runs it, on a small dataset: documents that count, and some that are
 * noise and give a loss far above the others'.
 */
final class TrainingRun {
  static final int LENGTH = 16;

  /** The kind that stands for the stage that made the data: one without settings. */
  private static final StageKind DATA = StageKind.REPORT;

  private static final int DOCUMENTS = 400;
  private static final int VOCABULARY = 64;
  private static final String MODEL =
      """
      {"architecture": "vanilla", "vocabSize": 64, "modelConfig": {"numHiddenLayers": 1, "hiddenSize": 32, "numAttentionHeads": 2, "intermediateSize": 0, "rotaryPct": 0.25, "rotaryEmbBase": 10000, "layerNormEps": 1e-5, "initializerRange": 0.02}}""";

  private final Database database;
  private final Path home;
  private final Path tokens;
  private final StageRequest request;
  private final String environment;
  private final StageProtocol protocol;
  private LongConsumer atStep = step -> {};

  /**
   * Registers a training.
   *
   * @param noise numbers of the documents that are noise
   */
  TrainingRun(Database database, Path home, TrainingConfig training, Set<Integer> noise)
      throws IOException {
    this.database = database;
    this.home = Files.createDirectories(home);
    PretrainStageConfig config =
        new PretrainStageConfig(model(), training, null, 7, "cpu", 2, null);
    // One home, one training: the home is part of what tells two apart.
    String input = StageKey.hash(List.of(home.toString()));
    this.tokens = Files.createDirectories(new LocalArtifactStore(home).folder(DATA.id(), input));
    dataset(tokens.resolve("train"), DOCUMENTS, noise);
    dataset(tokens.resolve("valid"), 8, Set.of());
    Files.writeString(
        tokens.resolve(TokenizedCorpus.FILE_NAME),
        Json.text(new TokenizedCorpus("BYTES", "", VOCABULARY, 0, DOCUMENTS, 0, 8, 0)));
    String key = StageKey.of(StageKind.PRETRAIN, config, Map.of("tokenize", input));
    String run = key.substring(0, 12);
    this.request = new StageRequest(run, run, key);
    NewStage made = new NewStage(input, DATA.id(), DATA.version(), "{}", Map.of());
    NewStage stage =
        new NewStage(
            key,
            StageKind.PRETRAIN.id(),
            StageKind.PRETRAIN.version(),
            CanonicalJson.write(config),
            Map.of("tokenize", input));
    database
        .experiments()
        .register(
            new NewExperiment(
                run,
                "training",
                key,
                "{}",
                "",
                List.of(new NewRun(run, "only", "none", 0, "{}", List.of(made, stage)))));
    this.environment = database.environments().register("{}");
    this.protocol =
        new StageProtocol(
            database,
            new LocalArtifactStore(home),
            new StageRegistry(List.of(new Hooked())),
            ProgressListener.NONE,
            "test",
            environment,
            LeaseTiming.DEFAULT);
  }

  Path home() {
    return home;
  }

  /** Calls somebody before every step, with the steps done. */
  TrainingRun atStep(LongConsumer hook) {
    atStep = hook;
    return this;
  }

  /** One attempt. */
  void attempt() {
    attempt(0);
  }

  /** One attempt that rests after a step; after none where that is 0. */
  StageOutcome attempt(long restAfter) {
    StageRequest asked =
        new StageRequest(request.experimentId(), request.runId(), request.stageKey(), restAfter);
    return protocol.run(StageKind.PRETRAIN, asked, () -> {}, Instant.now().minusSeconds(60));
  }

  String key() {
    return request.stageKey();
  }

  StageRow row() {
    return database.stages().find(key()).orElseThrow();
  }

  RunRow run() {
    return database.experiments().findRuns(request.runId()).get(0);
  }

  /** What the artifact says of the metrics. */
  String metrics() throws IOException {
    return Files.readString(artifact().resolve(MetricsFile.FILE_NAME));
  }

  Path artifact() {
    return new LocalArtifactStore(home).folder(StageKind.PRETRAIN.id(), key());
  }

  static ModelConfig model() {
    return CanonicalJson.read(MODEL, ModelConfig.class);
  }

  /** A recipe of samples of {@link #LENGTH} in batches of four, with these settings over it. */
  static TrainingConfig recipe(Map<String, ?> given) {
    Map<String, Object> settings = new TreeMap<>();
    settings.put("maxLength", LENGTH);
    settings.put("totalBatchSize", 4);
    settings.put("numWarmupSteps", 4);
    settings.put("learningRate", 1e-2);
    settings.put("minLearningRateRatio", 0.1);
    settings.put("adamBeta1", 0.9);
    settings.put("adamBeta2", 0.95);
    settings.put("adamEpsilon", 1e-8);
    settings.put("maxGradNorm", 1.0);
    settings.put("precision", "FP32");
    settings.put("activationRecompute", "NONE");
    settings.put("saveSteps", 15);
    settings.put("loggingSteps", 1);
    settings.put("validSamples", 8);
    settings.putAll(given);
    return CanonicalJson.read(CanonicalJson.write(settings), TrainingConfig.class);
  }

  private static void dataset(Path prefix, int documents, Set<Integer> noise) throws IOException {
    Random random = new Random(3);
    try (IndexedDatasetWriter writer = new IndexedDatasetWriter(prefix, VOCABULARY)) {
      for (int document = 0; document < documents; document++) {
        int[] ids = new int[LENGTH];
        for (int i = 0; i < LENGTH; i++) {
          ids[i] =
              noise.contains(document)
                  ? 1 + random.nextInt(VOCABULARY - 1)
                  : 1 + (document * 5 + i) % (VOCABULARY - 1);
        }
        // A document and its end are one sample.
        writer.document(Arrays.copyOf(ids, LENGTH - 1));
      }
      writer.finish();
    }
  }

  private final class Hooked implements Stage<PretrainStageConfig> {
    private final PretrainStage stage = new PretrainStage();

    @Override
    public Class<PretrainStageConfig> configType() {
      return stage.configType();
    }

    @Override
    public StageKind kind() {
      return stage.kind();
    }

    @Override
    public StageResult execute(PretrainStageConfig config, StageContext context)
        throws IOException {
      return stage.execute(config, new Given(context));
    }
  }

  private final class Given extends ForwardingContext {
    Given(StageContext of) {
      super(of);
    }

    @Override
    public Path input(String name) {
      return tokens;
    }

    @Override
    public void progress(StageProgress progress) {
      super.progress(progress);
      atStep.accept(progress.done());
    }
  }
}
