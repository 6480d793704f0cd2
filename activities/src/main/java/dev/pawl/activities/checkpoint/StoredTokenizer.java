package dev.pawl.activities.checkpoint;

import dev.pawl.activities.stage.TokenizerArtifact;
import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import dev.pawl.model.tokenizer.Tokenizer;
import dev.pawl.model.tokenizer.Tokenizers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The tokenizer that belongs to a checkpoint. */
public final class StoredTokenizer {
  private StoredTokenizer() {}

  /**
   * Opens the tokenizer given, the one beside the weights, or the one that the training's ids were
   * made with; the caller closes it.
   *
   * @param given a {@code tokenizer.json} that the user names
   * @throws PawlException CONFIG when there is none, or it is not the one of the training
   */
  public static Tokenizer open(StoredModel model, Optional<Path> given) {
    Tokenizer tokenizer =
        find(model, given)
            .orElseThrow(
                () ->
                    new PawlException(
                        FailureCause.CONFIG,
                        "%s has no %s: give one with --tokenizer FILE, or token ids"
                            .formatted(model.folder(), CheckpointPlace.TOKENIZER)));
    String digest = model.lineage().path("tokenizer_digest").asText("");
    if (!digest.isEmpty() && !digest.equals(tokenizer.digest())) {
      String other = tokenizer.digest();
      tokenizer.close();
      throw new PawlException(
          FailureCause.CONFIG,
          "the tokenizer has digest %s, the model was trained with %s".formatted(other, digest));
    }
    return tokenizer;
  }

  /** The same, or nothing where none is known. */
  static Optional<Tokenizer> find(StoredModel model, Optional<Path> given) {
    Optional<Path> file = file(model, given);
    if (file.isPresent()) {
      return Optional.of(Tokenizers.huggingFace(file.get()));
    }
    Optional<Path> artifact = artifact(model);
    try {
      return artifact.isEmpty()
          ? Optional.empty()
          : Optional.of(TokenizerArtifact.open(artifact.get()));
    } catch (IOException e) {
      throw new PawlException(
          FailureCause.DATA,
          "the tokenizer of %s cannot be read: %s".formatted(artifact.get(), e),
          e);
    }
  }

  /** The file of the tokenizer, where it has one. */
  static Optional<Path> file(StoredModel model, Optional<Path> given) {
    if (given.isPresent()) {
      return given;
    }
    Path beside = model.folder().resolve(CheckpointPlace.TOKENIZER);
    if (Files.isRegularFile(beside)) {
      return Optional.of(beside);
    }
    return artifact(model)
        .map(folder -> folder.resolve(CheckpointPlace.TOKENIZER))
        .filter(Files::isRegularFile);
  }

  // Artifacts lie side by side as <kind>/<key>, and the manifest names the keys of the inputs.
  private static Optional<Path> artifact(StoredModel model) {
    String key = model.lineage().path("inputs").path("tokenize").asText("");
    Path training = model.folder().getParent();
    Path kind = training == null ? null : training.getParent();
    if (key.isEmpty() || kind == null) {
      return Optional.empty();
    }
    return Optional.of(kind.resolveSibling("tokenize").resolve(key)).filter(Files::isDirectory);
  }
}
