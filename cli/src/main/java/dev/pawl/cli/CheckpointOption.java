package dev.pawl.cli;

import dev.pawl.activities.checkpoint.StoredModel;
import dev.pawl.experiments.preset.NamedModel;
import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The checkpoint that a command works with. */
final class CheckpointOption {
  @Option(
      names = "--checkpoint",
      required = true,
      paramLabel = "DIR",
      description =
          "A checkpoint folder, an artifact that holds one, a Hugging Face GPT-NeoX folder, a"
              + " published folder (with --model), or a safetensors file (with --model).")
  private Path checkpoint;

  @Option(
      names = "--model",
      paramLabel = "NAME|FILE",
      description =
          "Which model the weights belong to, where the folder does not say it: a preset ('pawl model"
              + " list'), a model file, or a published trainer file.")
  private String model;

  StoredModel open() {
    if (!Files.exists(checkpoint)) {
      throw new NotFoundException("no checkpoint " + checkpoint);
    }
    boolean file = Files.isRegularFile(checkpoint);
    if (file && !checkpoint.getFileName().toString().endsWith(".safetensors")) {
      throw new PawlException(
          FailureCause.CONFIG,
          "%s is neither a folder nor a .safetensors file".formatted(checkpoint));
    }
    Optional<NamedModel> said =
        Optional.ofNullable(model).map(name -> ModelOption.load(name, List.of()));
    return StoredModel.open(checkpoint, said);
  }
}
