package dev.pawl.experiments.plan;

import dev.pawl.experiments.CanonicalJson;
import dev.pawl.experiments.ConfigException;
import dev.pawl.experiments.DatasetSource;
import dev.pawl.experiments.DatasetSpec;
import dev.pawl.experiments.ExperimentSpec;
import dev.pawl.experiments.LoadedExperiment;
import dev.pawl.experiments.TokenizerType;
import dev.pawl.experiments.stage.ChecksumStageConfig;
import dev.pawl.experiments.stage.CorpusStageConfig;
import dev.pawl.experiments.stage.EvaluateStageConfig;
import dev.pawl.experiments.stage.FileIdentity;
import dev.pawl.experiments.stage.GenerationStageConfig;
import dev.pawl.experiments.stage.PretrainStageConfig;
import dev.pawl.experiments.stage.ReportStageConfig;
import dev.pawl.experiments.stage.SamplingConfig;
import dev.pawl.experiments.stage.StageConfig;
import dev.pawl.experiments.stage.TaskConfig;
import dev.pawl.experiments.stage.TokenizeStageConfig;
import dev.pawl.experiments.stage.TokenizerConfig;
import dev.pawl.experiments.stage.UptrainConfig;
import dev.pawl.experiments.sweep.Sweep;
import dev.pawl.experiments.sweep.SweepRun;
import dev.pawl.experiments.yaml.Binder;
import dev.pawl.model.config.BlockConfig;
import dev.pawl.model.config.LoadFromVanilla;
import dev.pawl.model.config.ModelConfig;
import dev.pawl.model.config.Sampler;
import dev.pawl.model.config.TrainingConfig;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Turns an experiment into runs and stages. Reads the user's files, writes nothing. */
public final class Planner {
  private static final int STORIES_VOCABULARY = 512;
  private static final int BYTES_VOCABULARY = 257;
  private static final int VOCABULARY_MULTIPLE = 128;

  private final LoadedExperiment loaded;
  private final ExperimentSpec spec;
  private final List<String> problems = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();
  private final UserFiles files;

  private Planner(LoadedExperiment loaded, FileDigests digests) {
    this.loaded = loaded;
    this.spec = loaded.spec();
    this.files = new UserFiles(problems, digests);
    notes.addAll(loaded.notes());
  }

  /**
   * Plans an experiment for a machine.
   *
   * @throws ConfigException with every file that is missing and every value that does not fit
   */
  public static Plan plan(LoadedExperiment loaded, Machine machine) {
    return plans(loaded).apply(machine);
  }

  /**
   * Reads an experiment's files once and plans it for any machine.
   *
   * @throws ConfigException with every file that is missing and every value that does not fit
   */
  public static Function<Machine, Plan> plans(LoadedExperiment loaded) {
    if (loaded.sweep().isPresent()) {
      return SweepPlanner.plans(loaded, loaded.sweep().get());
    }
    Planner planner = new Planner(loaded, new FileDigests());
    Function<Machine, List<PlannedRun>> runs = planner.prepare(name -> name, "{}");
    return machine -> plan(loaded, runs.apply(machine), planner.notes);
  }

  /**
   * Plans a run of a sweep.
   *
   * @param run has one model
   * @param notes takes what was left out and why
   * @throws ConfigException as {@link #plans(LoadedExperiment)} does
   */
  static Function<Machine, List<PlannedRun>> plans(
      SweepRun run, FileDigests digests, Collection<String> notes) {
    Planner planner = new Planner(run.loaded(), digests);
    Function<Machine, List<PlannedRun>> runs =
        planner.prepare(model -> run.name(), CanonicalJson.write(run.point()));
    notes.addAll(planner.notes);
    return runs;
  }

  // Names are those of the runs; they follow from those of the models.
  private Function<Machine, List<PlannedRun>> prepare(UnaryOperator<String> names, String point) {
    DatasetSource source = spec.dataset().effectiveSource();
    TokenizerConfig tokenizer = tokenizer(source);
    DataStages data = source == DatasetSource.INDEXED ? tokens(tokenizer) : text(source, tokenizer);
    int vocabulary = vocabulary(tokenizer);
    List<TaskConfig> tasks =
        new EvaluationTasks(spec, loaded.file(), files, this::place, problems, notes).plan();
    Map<String, ModelConfig> models = new LinkedHashMap<>();
    spec.models().forEach((name, model) -> models.put(name, sized(name, model, vocabulary)));
    checkLengths(models);
    UptrainConfig uptraining = uptraining(models);
    if (!problems.isEmpty()) {
      throw new ConfigException(problems);
    }
    return machine -> {
      List<PlannedRun> runs = new ArrayList<>();
      models.forEach(
          (name, model) ->
              runs.add(run(names.apply(name), point, model, data, tasks, uptraining, machine)));
      return runs;
    };
  }

  /** The plan of runs; its identity is theirs. */
  static Plan plan(LoadedExperiment loaded, List<PlannedRun> runs, List<String> notes) {
    ExperimentSpec spec = loaded.spec();
    String configJson = CanonicalJson.write(Map.of("name", spec.experiment(), "seed", spec.seed()));
    List<String> parts = new ArrayList<>(List.of("experiment", spec.experiment()));
    runs.forEach(run -> parts.add(run.id()));
    // Which runs come to their end is no result of any of them, but of the sweep.
    loaded
        .sweep()
        .flatMap(Sweep::earlyStopping)
        .ifPresent(stopping -> parts.add(CanonicalJson.write(stopping)));
    String digest = StageKey.hash(parts);
    return new Plan(
        digest.substring(0, 12),
        spec.experiment(),
        digest,
        configJson,
        loaded.sourceText(),
        runs,
        notes);
  }

  private @Nullable UptrainConfig uptraining(Map<String, ModelConfig> models) {
    if (spec.loadFromVanilla().isEmpty()) {
      return null;
    }
    LoadFromVanilla settings = spec.loadFromVanilla().get();
    String key = "load_from_vanilla.checkpoint_path";
    models.forEach(
        (name, model) -> {
          if (!(model instanceof BlockConfig)) {
            notes.add("model %s is vanilla: load_from_vanilla is for block models".formatted(name));
          }
        });
    return new UptrainConfig(
        files.identifyCheckpoint(place(key), key, settings.checkpointPath()), settings);
  }

  private PlannedRun run(
      String name,
      String point,
      ModelConfig model,
      DataStages data,
      List<TaskConfig> tasks,
      @Nullable UptrainConfig uptraining,
      Machine machine) {
    List<PlannedStage> stages = new ArrayList<>(data.stages());
    TrainingConfig training =
        spec.dataset().sampler() == Sampler.MEGATRON
            ? spec.training().withoutPadding()
            : spec.training();
    UptrainConfig start = model instanceof BlockConfig ? uptraining : null;
    String pretrain =
        add(
            stages,
            StageKind.PRETRAIN,
            new PretrainStageConfig(
                model,
                training,
                start,
                spec.seed(),
                machine.deviceKind(),
                machine.threads(),
                data.sampling()),
            Map.of("tokenize", data.tokenize()));
    String evaluate =
        add(
            stages,
            StageKind.EVALUATE,
            new EvaluateStageConfig(
                tasks,
                spec.evaluation().checkpoints(),
                spec.evaluation().batchSize(),
                machine.deviceKind(),
                machine.threads()),
            Map.of("pretrain", pretrain, "tokenize", data.tokenize(), "corpus", data.corpus()));
    String generation =
        add(
            stages,
            StageKind.GENERATION,
            new GenerationStageConfig(
                spec.generation().shapes(),
                spec.generation().repetitions(),
                spec.generation().precision(),
                spec.generation().protocol().labels(),
                spec.generation().memoryLimit(),
                machine.deviceKind(),
                machine.threads()),
            Map.of("pretrain", pretrain));
    String report =
        add(
            stages,
            StageKind.REPORT,
            new ReportStageConfig(),
            Map.of("evaluate", evaluate, "generation", generation, "pretrain", pretrain));
    String id = StageKey.hash(List.of("run", spec.experiment(), name, report)).substring(0, 12);
    Map<String, Object> config = new LinkedHashMap<>();
    config.put("model", CanonicalJson.tree(model));
    config.put("training", CanonicalJson.tree(training));
    if (start != null) {
      config.put("load_from_vanilla", CanonicalJson.tree(start));
    }
    config.put("seed", spec.seed());
    return new PlannedRun(id, name, model, CanonicalJson.write(config), stages, point);
  }

  /** The stages that end with token ids, and the keys of those that later ones read. */
  private record DataStages(
      List<PlannedStage> stages,
      String corpus,
      String tokenize,
      @Nullable SamplingConfig sampling) {}

  private DataStages tokens(TokenizerConfig tokenizer) {
    TokenDatasets datasets = new TokenDatasets(spec.dataset(), files, this::place, problems);
    List<PlannedStage> stages = new ArrayList<>();
    String take = add(stages, StageKind.TAKE, datasets.take(tokenizer), Map.of());
    return new DataStages(stages, take, take, datasets.sampling());
  }

  private DataStages text(DatasetSource source, TokenizerConfig tokenizer) {
    if (spec.dataset().sampler() == Sampler.MEGATRON) {
      problems.add(
          place("dataset.sampler")
              + ": dataset.sampler: megatron takes token datasets: dataset.prefixes or dataset.data_path");
    }
    List<PlannedStage> stages = new ArrayList<>();
    ShardStages shards = new ShardStages(stages, corpus(source), files);
    String corpus = shards.corpus();
    String unshard = shards.unshard();
    String checksum =
        add(stages, StageKind.CHECKSUM, new ChecksumStageConfig(), Map.of("unshard", unshard));
    String tokenize =
        add(
            stages,
            StageKind.TOKENIZE,
            new TokenizeStageConfig(
                tokenizer, spec.dataset().jsonKey(), spec.dataset().validFraction()),
            Map.of("corpus", corpus, "unshard", unshard, "checksum", checksum));
    return new DataStages(stages, corpus, tokenize, null);
  }

  static String add(
      List<PlannedStage> stages, StageKind kind, StageConfig config, Map<String, String> inputs) {
    String key = StageKey.of(kind, config, inputs);
    stages.add(
        new PlannedStage(kind.id(), kind.version(), key, CanonicalJson.write(config), inputs));
    return key;
  }

  private CorpusStageConfig corpus(DatasetSource source) {
    DatasetSpec dataset = spec.dataset();
    List<FileIdentity> documents = List.of();
    List<FileIdentity> valid = List.of();
    FileIdentity shards = null;
    switch (source) {
      case STORIES, INDEXED -> {}
      case FILES -> {
        if (dataset.files().isEmpty()) {
          problems.add(
              place("dataset.files")
                  + ": dataset.files: no file is given: dataset.files=FILE[,...]");
        }
        documents = identify("dataset.files", dataset.files());
        valid = identify("dataset.valid_files", dataset.validFiles());
      }
      case SHARDS -> {
        if (dataset.shards().isEmpty()) {
          problems.add(place("dataset.shards") + ": dataset.shards: no folder is given");
        } else {
          shards = files.identifyShards(place("dataset.shards"), dataset.shards().get());
        }
      }
    }
    return new CorpusStageConfig(
        source,
        source == DatasetSource.STORIES ? dataset.stories() : null,
        documents,
        valid,
        shards);
  }

  private List<FileIdentity> identify(String key, List<String> paths) {
    return paths.stream().map(path -> files.identify(place(key), key, path)).toList();
  }

  private TokenizerConfig tokenizer(DatasetSource source) {
    TokenizerType type = spec.tokenizer().effectiveType(source);
    if (type == TokenizerType.STORIES && source != DatasetSource.STORIES) {
      problems.add(
          place("tokenizer.type")
              + ": tokenizer.type: stories knows only the words of the built-in corpus; use bytes or tokenizer.file");
    }
    if (type != TokenizerType.HUGGINGFACE) {
      return new TokenizerConfig(type, null);
    }
    String key = "tokenizer.file";
    if (spec.tokenizer().file().isEmpty()) {
      problems.add(place(key) + ": tokenizer.file: huggingface needs the file of a tokenizer.json");
      return new TokenizerConfig(type, new FileIdentity("", ""));
    }
    return new TokenizerConfig(
        type, files.identify(place(key), key, spec.tokenizer().file().get()));
  }

  private int vocabulary(TokenizerConfig tokenizer) {
    FileIdentity file = tokenizer.file();
    return switch (tokenizer.type()) {
      case STORIES -> STORIES_VOCABULARY;
      case BYTES -> BYTES_VOCABULARY;
      case HUGGINGFACE ->
          file == null || file.sha256().isEmpty()
              ? 1
              : files.vocabularySize(place("tokenizer.file"), file);
    };
  }

  private ModelConfig sized(String name, ModelConfig model, int vocabulary) {
    if (model.vocabSize() == 0) {
      int rounded =
          (vocabulary + VOCABULARY_MULTIPLE - 1) / VOCABULARY_MULTIPLE * VOCABULARY_MULTIPLE;
      return model.withVocabSize(rounded);
    }
    if (model.vocabSize() < vocabulary) {
      String key = "models." + name + ".vocab_size";
      problems.add(
          "%s: %s: the tokenizer has %d tokens, more than the model's %d; raise it, or leave it out"
              .formatted(place(key), key, vocabulary, model.vocabSize()));
    }
    return model;
  }

  private void checkLengths(Map<String, ModelConfig> models) {
    int maxLength = spec.training().maxLength();
    models.forEach(
        (name, model) -> {
          if (maxLength % model.blockLength() != 0 || maxLength < 2 * model.blockLength()) {
            problems.add(
                "%s: training.max_length: %d is not a multiple, two or more times, of block_length %d of model %s"
                    .formatted(place("training.max_length"), maxLength, model.blockLength(), name));
          }
        });
  }

  private String place(String key) {
    for (String at = key; !at.isEmpty(); at = parent(at)) {
      String source = loaded.sources().get(at);
      if (source != null && !source.equals(Binder.DEFAULT) && !source.equals(Binder.DERIVED)) {
        return source;
      }
    }
    return loaded.file().toString();
  }

  // What was left out has the place of what it was left out of.
  private static String parent(String key) {
    int end = Math.max(key.lastIndexOf('.'), key.lastIndexOf('['));
    return end < 0 ? "" : key.substring(0, end);
  }
}
