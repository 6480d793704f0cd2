package dev.pawl.activities.stage;

import dev.pawl.experiments.stage.TokenizerConfig;
import dev.pawl.model.dataset.FileDigests;
import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import dev.pawl.model.tokenizer.Tokenizer;
import dev.pawl.model.tokenizer.Tokenizers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The tokenizer that travels with the token ids, so that later stages take it from the lineage and
 * never from a path that a human remembers.
 */
public final class TokenizerArtifact {
  private static final String FILE_NAME = "tokenizer.json";

  private TokenizerArtifact() {}

  /** Opens the tokenizer of a tokenize stage's artifact; the caller closes it. */
  public static Tokenizer open(Path tokenizeArtifact) throws IOException {
    Tokenizer tokenizer = load(tokenizeArtifact);
    TokenizedCorpus corpus =
        Json.read(tokenizeArtifact.resolve(TokenizedCorpus.FILE_NAME), TokenizedCorpus.class);
    if (!tokenizer.digest().equals(corpus.tokenizerDigest())) {
      String digest = tokenizer.digest();
      tokenizer.close();
      throw new PawlException(
          FailureCause.DATA,
          "the tokenizer of %s has digest %s, the ids were made with %s; run the experiment again"
              .formatted(tokenizeArtifact, digest, corpus.tokenizerDigest()));
    }
    return tokenizer;
  }

  /** Lays the tokenizer's file, when it has one, beside the ids to come. */
  static void copy(TokenizerConfig config, Path corpus, Path output) throws IOException {
    switch (config.type()) {
      case STORIES -> Files.copy(corpus.resolve(FILE_NAME), output.resolve(FILE_NAME));
      case HUGGINGFACE -> {
        Path source = Path.of(config.file().path());
        if (!FileDigests.of(source, bytes -> {}).sha256().equals(config.file().sha256())) {
          throw new PawlException(
              FailureCause.DATA,
              "%s has changed since the experiment was planned; run it again to plan anew"
                  .formatted(source));
        }
        Files.copy(source, output.resolve(FILE_NAME));
      }
      case BYTES -> {}
    }
  }

  /** Opens what {@link #copy} laid there. */
  static Tokenizer load(Path output) {
    Path file = output.resolve(FILE_NAME);
    return Files.exists(file) ? Tokenizers.huggingFace(file) : Tokenizers.bytes();
  }
}
