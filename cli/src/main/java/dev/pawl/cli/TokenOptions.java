package dev.pawl.cli;

import dev.pawl.activities.checkpoint.StoredModel;
import dev.pawl.activities.checkpoint.StoredTokenizer;
import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import dev.pawl.model.tokenizer.Tokenizer;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** The tokens that a command works with: as ids, or as text. */
final class TokenOptions {
  /** One of the two. */
  static final class Source {
    @Option(names = "--token-ids", paramLabel = "ID,ID,...", description = "Token ids.")
    private String tokenIds;

    @Option(names = "--text", paramLabel = "TEXT", description = "Text, to be tokenized.")
    private String text;
  }

  @ArgGroup(multiplicity = "1")
  private Source source;

  @Option(
      names = "--tokenizer",
      paramLabel = "FILE",
      description = "A tokenizer.json (the one that belongs to the checkpoint).")
  private Path tokenizer;

  /**
   * The ids, each of them in the vocabulary.
   *
   * @throws PawlException CONFIG when there are none or one is not in the vocabulary
   */
  int[] ids(StoredModel model) {
    int[] ids = source.text == null ? numbers(source.tokenIds) : encode(model, source.text);
    if (ids.length == 0) {
      throw wrong("no tokens are given: the input is empty");
    }
    int vocabulary = model.config().vocabSize();
    for (int i = 0; i < ids.length; i++) {
      if (ids[i] < 0 || ids[i] >= vocabulary) {
        throw wrong(
            "token id %d at position %d is outside the model's vocabulary, 0 to %d"
                .formatted(ids[i], i, vocabulary - 1));
      }
    }
    return ids;
  }

  /** What ids say, where the input was text and not ids. */
  Optional<String> decode(StoredModel model, int[] ids) {
    if (source.text == null) {
      return Optional.empty();
    }
    try (Tokenizer opened = StoredTokenizer.open(model, Optional.ofNullable(tokenizer))) {
      return Optional.of(opened.decode(ids));
    }
  }

  private int[] encode(StoredModel model, String text) {
    try (Tokenizer opened = StoredTokenizer.open(model, Optional.ofNullable(tokenizer))) {
      return opened.encode(text);
    }
  }

  /** Ids written with commas between them. */
  static int[] numbers(String text) {
    if (text.isBlank()) {
      return new int[0];
    }
    String[] parts = text.split(",", -1);
    int[] ids = new int[parts.length];
    for (int i = 0; i < parts.length; i++) {
      try {
        ids[i] = Integer.parseInt(parts[i].strip());
      } catch (NumberFormatException e) {
        throw wrong("--token-ids: '%s' at position %d is no token id".formatted(parts[i], i));
      }
    }
    return ids;
  }

  private static PawlException wrong(String message) {
    return new PawlException(FailureCause.CONFIG, message);
  }
}
