package dev.pawl.activities.checkpoint;

import dev.pawl.experiments.CanonicalJson;
import dev.pawl.model.architecture.Architecture;
import dev.pawl.model.architecture.ParameterSpec;
import dev.pawl.model.checkpoint.CheckpointStore;
import dev.pawl.model.dataset.FileDigests;
import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import dev.pawl.model.tokenizer.Tokenizer;
import dev.pawl.model.tokenizer.Tokenizers;
import dev.pawl.model.weights.HuggingFaceConfig;
import dev.pawl.model.weights.SafetensorsWriter;
import dev.pawl.model.weights.TensorData;
import dev.pawl.model.weights.WeightCheck;
import dev.pawl.model.weights.WeightFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Turns a Hugging Face GPT-NeoX folder, Pythia's among them, into a checkpoint of Pawl: the same
 * values in the same number format, without what is no parameter, under a manifest. Training does
 * not go on from it, because there is no optimizer state; it is scored, exported, or a block model
 * starts from it.
 */
public final class ModelImport {
  private ModelImport() {}

  /**
   * Imports a folder.
   *
   * @param source holds {@code config.json} and weights in one file or in shards
   * @param output a folder that is not there yet, or empty
   * @return parameters of the model
   * @throws PawlException DATA with everything that is not supported or does not fit
   */
  public static long run(Path source, Path output) {
    Path json = source.resolve(HuggingFaceConfig.FILE_NAME);
    if (!Files.isRegularFile(json)) {
      throw new PawlException(
          FailureCause.CONFIG,
          "%s holds no %s: a Hugging Face GPT-NeoX folder is needed"
              .formatted(source, HuggingFaceConfig.FILE_NAME));
    }
    try (StoredModel model = StoredModel.open(source, Optional.empty())) {
      Architecture architecture = Architecture.of(model.config());
      Map<String, String> names =
          WeightCheck.match(model.weights(), architecture, FailureCause.DATA);
      Map<String, TensorData> tensors = new LinkedHashMap<>();
      for (ParameterSpec parameter : architecture.parameters()) {
        String name = names.get(parameter.name());
        if (name != null) {
          tensors.put(parameter.name(), model.weights().data(name));
        }
      }
      NewFolder.make(output, folder -> write(folder, model, tensors));
      return architecture.parameterCount();
    }
  }

  private static void write(Path folder, StoredModel model, Map<String, TensorData> tensors)
      throws IOException {
    Map<String, Object> lineage = new LinkedHashMap<>();
    lineage.put("model", CanonicalJson.tree(model.config()));
    lineage.put("max_length", model.maxLength());
    lineage.put("source", sources(model));
    Optional<Path> tokenizer = StoredTokenizer.file(model, Optional.empty());
    if (tokenizer.isPresent()) {
      Files.copy(tokenizer.get(), folder.resolve(CheckpointPlace.TOKENIZER));
      try (Tokenizer opened = Tokenizers.huggingFace(tokenizer.get())) {
        lineage.put("tokenizer_digest", opened.digest());
      }
    }
    SafetensorsWriter.Written written =
        SafetensorsWriter.write(folder.resolve(WeightFiles.SINGLE), tensors);
    CheckpointStore.writeManifest(folder, written, CanonicalJson.tree(lineage));
  }

  private static Map<String, String> sources(StoredModel model) throws IOException {
    Map<String, String> digests = new LinkedHashMap<>();
    for (Path file : model.weights().paths()) {
      digests.put(file.getFileName().toString(), FileDigests.of(file, bytes -> {}).sha256());
    }
    Path json = model.folder().resolve(HuggingFaceConfig.FILE_NAME);
    digests.put(HuggingFaceConfig.FILE_NAME, FileDigests.of(json, bytes -> {}).sha256());
    return digests;
  }
}
