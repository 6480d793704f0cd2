package dev.pawl.activities.stage;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pawl.experiments.CanonicalJson;
import dev.pawl.model.architecture.Architecture;
import dev.pawl.model.architecture.Weights;
import dev.pawl.model.checkpoint.Checkpoint;
import dev.pawl.model.checkpoint.CheckpointStore;
import dev.pawl.model.config.ModelConfig;
import dev.pawl.model.config.Precision;
import dev.pawl.model.config.TrainingConfig;
import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import dev.pawl.model.generation.LanguageModel;
import dev.pawl.model.torch.Tensor;
import dev.pawl.model.torch.TensorScope;
import dev.pawl.model.torch.TensorType;
import dev.pawl.model.torch.Torch;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The final checkpoint of a training, ready for inference. Architecture, lengths, padding mode and
 * precision come from its manifest.
 */
final class TrainedModel implements AutoCloseable {
  private final Checkpoint checkpoint;
  private final TrainingConfig training;
  private final TensorScope scope = Torch.scope();
  private final LanguageModel model;

  private TrainedModel(Checkpoint checkpoint, @Nullable Precision precision) {
    this.checkpoint = checkpoint;
    this.training = CanonicalJson.read(lineage("training").toString(), TrainingConfig.class);
    ModelConfig config = CanonicalJson.read(lineage("model").toString(), ModelConfig.class);
    Architecture architecture = Architecture.of(config);
    Map<String, Tensor> weights = Weights.trainedZeros(scope, architecture, TensorType.FP32);
    CheckpointStore.loadWeights(checkpoint, weights);
    this.model =
        new LanguageModel(
            architecture, weights, precision == null ? training.precision() : precision);
  }

  /** Opens the checkpoint of a training's artifact in the precision it was trained in. */
  static TrainedModel open(Path artifact) {
    return new TrainedModel(find(artifact), null);
  }

  /** Opens one of several checkpoints, by its folder, in the precision it was trained in. */
  static TrainedModel openCheckpoint(Path folder) {
    return new TrainedModel(CheckpointStore.verify(folder), null);
  }

  /** Opens it in another precision. */
  static TrainedModel open(Path artifact, Precision precision) {
    return new TrainedModel(find(artifact), precision);
  }

  private static Checkpoint find(Path artifact) {
    return new CheckpointStore(artifact)
        .newest()
        .map(CheckpointStore::verify)
        .orElseThrow(
            () ->
                new PawlException(
                    FailureCause.DATA, artifact + " holds no checkpoint; train the run again"));
  }

  private JsonNode lineage(String name) {
    return checkpoint.lineage().path(name);
  }

  LanguageModel model() {
    return model;
  }

  TrainingConfig training() {
    return training;
  }

  Checkpoint checkpoint() {
    return checkpoint;
  }

  /** Whether blocks were trained to begin anywhere in a text. */
  boolean padded() {
    return training.randomPadFirstBlock();
  }

  @Override
  public void close() {
    model.close();
    scope.close();
  }
}
