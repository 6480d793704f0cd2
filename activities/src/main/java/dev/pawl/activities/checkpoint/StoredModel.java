package dev.pawl.activities.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.pawl.experiments.CanonicalJson;
import dev.pawl.experiments.preset.NamedModel;
import dev.pawl.model.checkpoint.Checkpoint;
import dev.pawl.model.checkpoint.CheckpointStore;
import dev.pawl.model.config.ModelConfig;
import dev.pawl.model.config.Precision;
import dev.pawl.model.config.TrainingConfig;
import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import dev.pawl.model.weights.HuggingFaceConfig;
import dev.pawl.model.weights.WeightFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A checkpoint with all that its folder says about it: one of Pawl's with its manifest, a Hugging
 * Face folder with its {@code config.json}, or a published folder that holds weights alone and
 * needs somebody to say which model they belong to.
 */
public final class StoredModel implements AutoCloseable {
  private static final int PUBLISHED_LENGTH = 2048;

  private final Path folder;
  private final WeightFiles weights;
  private final ModelConfig config;
  private final FailureCause mismatch;
  private final JsonNode lineage;
  private final Optional<TrainingConfig> training;

  private StoredModel(
      Path folder,
      WeightFiles weights,
      ModelConfig config,
      FailureCause mismatch,
      JsonNode lineage,
      Optional<TrainingConfig> training) {
    this.folder = folder;
    this.weights = weights;
    this.config = config;
    this.mismatch = mismatch;
    this.lineage = lineage;
    this.training = training;
  }

  /**
   * Opens a checkpoint.
   *
   * @param path a checkpoint's folder, a folder of {@code checkpoint-<step>} folders such as an
   *     artifact, or a weights file
   * @param said the model as the user names it; needed where the folder does not say it, and
   *     compared where it does
   * @throws PawlException CONFIG when the model is not known or another one is said, DATA when a
   *     file is damaged
   */
  public static StoredModel open(Path path, Optional<NamedModel> said) {
    CheckpointPlace place = CheckpointPlace.find(path);
    Path manifest = place.folder().resolve(CheckpointStore.MANIFEST);
    Path json = place.folder().resolve(HuggingFaceConfig.FILE_NAME);
    Optional<TrainingConfig> recipe = said.flatMap(NamedModel::training);
    if (Files.isRegularFile(manifest) && !Files.isRegularFile(path)) {
      Checkpoint checkpoint = CheckpointStore.verify(place.folder());
      ModelConfig model = read(checkpoint, "model", ModelConfig.class);
      said.ifPresent(named -> requireSame(named, model, manifest));
      if (checkpoint.lineage().has("training")) {
        recipe = Optional.of(read(checkpoint, "training", TrainingConfig.class));
      }
      return opened(place, model, FailureCause.DATA, checkpoint.lineage(), recipe);
    }
    JsonNode nothing = MissingNode.getInstance();
    if (said.isPresent()) {
      return opened(place, said.get().model(), FailureCause.CONFIG, nothing, recipe);
    }
    if (Files.isRegularFile(json)) {
      return opened(place, HuggingFaceConfig.read(json), FailureCause.DATA, nothing, recipe);
    }
    throw new PawlException(
        FailureCause.CONFIG,
        "%s holds weights alone, neither %s nor %s: say with --model which model they belong to"
            .formatted(place.folder(), CheckpointStore.MANIFEST, HuggingFaceConfig.FILE_NAME));
  }

  private static StoredModel opened(
      CheckpointPlace place,
      ModelConfig model,
      FailureCause mismatch,
      JsonNode lineage,
      Optional<TrainingConfig> training) {
    WeightFiles weights = WeightFiles.open(place.weights());
    ModelConfig sized = model;
    if (model.vocabSize() == 0) {
      // What the tokenizer's size would have been rounded up to stands in the file.
      sized = model.withVocabSize(Math.toIntExact(weights.vocabularyRows().orElse(1)));
    }
    return new StoredModel(place.folder(), weights, sized, mismatch, lineage, training);
  }

  private static void requireSame(NamedModel said, ModelConfig model, Path manifest) {
    ModelConfig sized =
        said.model().vocabSize() == 0
            ? said.model().withVocabSize(model.vocabSize())
            : said.model();
    if (!sized.equals(model)) {
      throw new PawlException(
          FailureCause.CONFIG,
          "--model %s is not the model of %s; leave --model out%n  said:     %s%n  manifest: %s"
              .formatted(
                  said.name(), manifest, CanonicalJson.write(sized), CanonicalJson.write(model)));
    }
  }

  private static <T> T read(Checkpoint checkpoint, String name, Class<T> type) {
    try {
      return CanonicalJson.read(checkpoint.lineage().path(name).toString(), type);
    } catch (IllegalArgumentException e) {
      throw new PawlException(
          FailureCause.DATA,
          "the manifest of %s does not describe a %s that this version knows: %s"
              .formatted(checkpoint.folder(), name, e.getMessage()),
          e);
    }
  }

  /** The folder of the checkpoint itself. */
  public Path folder() {
    return folder;
  }

  /** The weights; closed with this. */
  public WeightFiles weights() {
    return weights;
  }

  /** The model; its vocabulary is known. */
  public ModelConfig config() {
    return config;
  }

  /** What a misfit of weights and model is to be blamed on. */
  public FailureCause mismatch() {
    return mismatch;
  }

  /** What the manifest says of the origin; missing where there is none. */
  JsonNode lineage() {
    return lineage;
  }

  /**
   * Whether a block model is scored in padded mode (block-transformer.md 6.3): as it was trained,
   * and where nobody says how, with random padding.
   */
  public boolean padded() {
    return training.map(TrainingConfig::randomPadFirstBlock).orElse(true);
  }

  /** The precision it was trained in, fp32 where nobody says it. */
  public Precision precision() {
    return training.map(TrainingConfig::precision).orElse(Precision.FP32);
  }

  /** Whether anybody said how the model was trained. */
  public boolean trainingKnown() {
    return training.isPresent();
  }

  /** Longest sequence that the model was trained on, as far as anybody says it. */
  public int maxLength() throws IOException {
    if (training.isPresent()) {
      return training.get().maxLength();
    }
    Path json = folder.resolve(HuggingFaceConfig.FILE_NAME);
    return lineage.has("max_length") || !Files.isRegularFile(json)
        ? lineage.path("max_length").asInt(PUBLISHED_LENGTH)
        : HuggingFaceConfig.maxLength(json);
  }

  @Override
  public void close() {
    weights.close();
  }
}
