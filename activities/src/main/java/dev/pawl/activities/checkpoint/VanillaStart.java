package dev.pawl.activities.checkpoint;

import dev.pawl.experiments.plan.CheckpointIdentity;
import dev.pawl.experiments.stage.UptrainConfig;
import dev.pawl.model.architecture.Architecture;
import dev.pawl.model.config.BlockConfig;
import dev.pawl.model.config.ModelConfig;
import dev.pawl.model.config.VanillaConfig;
import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import dev.pawl.model.torch.Tensor;
import dev.pawl.model.weights.TensorData;
import dev.pawl.model.weights.Uptraining;
import dev.pawl.model.weights.WeightCheck;
import dev.pawl.model.weights.WeightLoader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Puts the weights of a vanilla checkpoint into a fresh block model. */
public final class VanillaStart {
  private VanillaStart() {}

  /**
   * Overwrites what comes from the vanilla model.
   *
   * @param weights fresh weights of the block model, by name
   * @throws PawlException CONFIG where the models do not go together, DATA where the checkpoint is
   *     not the one that was planned with
   */
  public static void apply(UptrainConfig config, ModelConfig model, Map<String, Tensor> weights) {
    Path folder = Path.of(config.checkpoint().path());
    try (StoredModel stored = StoredModel.open(folder, Optional.empty())) {
      if (!CheckpointIdentity.of(folder).sha256().equals(config.checkpoint().sha256())) {
        throw new PawlException(
            FailureCause.DATA,
            "%s has changed since the experiment was planned; run it again to plan anew"
                .formatted(folder));
      }
      if (!(stored.config() instanceof VanillaConfig vanilla)
          || !(model instanceof BlockConfig block)) {
        throw new PawlException(
            FailureCause.CONFIG,
            "load_from_vanilla.checkpoint_path: %s does not hold a vanilla model"
                .formatted(folder));
      }
      Map<String, String> names =
          WeightCheck.match(stored.weights(), Architecture.of(vanilla), stored.mismatch());
      Map<String, TensorData> made =
          Uptraining.tensors(
              vanilla, name -> stored.weights().data(names.get(name)), block, config.settings());
      for (Map.Entry<String, TensorData> entry : made.entrySet()) {
        WeightLoader.fill(entry.getValue(), weights.get(entry.getKey()));
      }
    } catch (IOException e) {
      throw new PawlException(FailureCause.DATA, "%s cannot be read: %s".formatted(folder, e), e);
    }
  }
}
