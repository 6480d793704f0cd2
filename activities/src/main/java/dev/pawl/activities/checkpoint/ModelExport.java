package dev.pawl.activities.checkpoint;

import dev.pawl.experiments.preset.NamedModel;
import dev.pawl.model.architecture.Architecture;
import dev.pawl.model.architecture.ParameterSpec;
import dev.pawl.model.config.VanillaConfig;
import dev.pawl.model.failure.PawlException;
import dev.pawl.model.tokenizer.Tokenizer;
import dev.pawl.model.weights.HuggingFaceConfig;
import dev.pawl.model.weights.NumberFormat;
import dev.pawl.model.weights.TensorData;
import dev.pawl.model.weights.WeightCheck;
import dev.pawl.model.weights.WeightWriter;
import dev.pawl.model.weights.ZeroData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Writes a checkpoint in the published layout (block-transformer.md 3): all tensors under all their
 * names, and for vanilla models the {@code config.json} and {@code generation_config.json} that
 * other libraries load them with.
 */
public final class ModelExport {
  /**
   * What to write.
   *
   * @param format number format; that of each tensor where empty
   * @param maxShardBytes data bytes of a file
   * @param tokenizer a {@code tokenizer.json} to lay beside, in place of the one that is known
   */
  public record Settings(
      Optional<NumberFormat> format, long maxShardBytes, Optional<Path> tokenizer) {}

  private ModelExport() {}

  /**
   * Exports a checkpoint.
   *
   * @param output a folder that is not there yet, or empty
   * @return names of the weights' files
   * @throws PawlException as {@link StoredModel#open} does, and when the output is not free
   */
  public static Map<String, Long> run(
      Path checkpoint, Optional<NamedModel> said, Path output, Settings settings) {
    try (StoredModel model = StoredModel.open(checkpoint, said)) {
      Architecture architecture = Architecture.of(model.config());
      Map<String, TensorData> tensors = tensors(model, architecture, settings);
      Map<String, Long> files = new LinkedHashMap<>();
      NewFolder.make(
          output,
          folder -> {
            WeightWriter.write(folder, tensors, settings.maxShardBytes())
                .forEach((name, written) -> files.put(name, written.bytes()));
            describe(folder, model, tensors, settings);
          });
      return files;
    }
  }

  private static Map<String, TensorData> tensors(
      StoredModel model, Architecture architecture, Settings settings) {
    Map<String, String> names = WeightCheck.match(model.weights(), architecture, model.mismatch());
    Map<String, TensorData> tensors = new LinkedHashMap<>();
    for (ParameterSpec parameter : architecture.parameters()) {
      String name = names.get(parameter.name());
      // What nothing reads must be there all the same, or strict loading fails elsewhere.
      TensorData stored =
          name == null ? new ZeroData(parameter.shape()) : model.weights().data(name);
      TensorData data = settings.format().map(stored::as).orElse(stored);
      tensors.put(parameter.name(), data);
      parameter.aliases().forEach(alias -> tensors.put(alias, data));
    }
    return tensors;
  }

  private static void describe(
      Path folder, StoredModel model, Map<String, TensorData> tensors, Settings settings)
      throws IOException {
    Optional<Path> file = StoredTokenizer.file(model, settings.tokenizer());
    if (file.isPresent()) {
      Files.copy(file.get(), folder.resolve(CheckpointPlace.TOKENIZER));
    }
    if (model.config() instanceof VanillaConfig vanilla) {
      int endOfText = 0;
      Optional<Tokenizer> tokenizer = StoredTokenizer.find(model, settings.tokenizer());
      if (tokenizer.isPresent()) {
        try (Tokenizer opened = tokenizer.get()) {
          endOfText = opened.endOfText();
        }
      }
      NumberFormat format = tensors.values().iterator().next().format();
      HuggingFaceConfig.write(folder, vanilla, format, model.maxLength(), endOfText);
    }
  }
}
