package dev.pawl.cli;

import dev.pawl.activities.checkpoint.StoredModel;
import dev.pawl.activities.checkpoint.StoredTokenizer;
import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import dev.pawl.model.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** The prompts that a command continues: as ids, or as text. */
final class PromptOptions {
  /** One of the three. */
  static final class Source {
    @Option(names = "--token-ids", paramLabel = "ID,ID,...", description = "Token ids.")
    private String tokenIds;

    @Option(
        names = {"--prompt", "--text"},
        paramLabel = "TEXT",
        description = "Text, to be tokenized.")
    private String text;

    @Option(
        names = "--prompt-file",
        paramLabel = "FILE",
        description = "Texts, one a line; empty lines are left out.")
    private Path file;
  }

  @ArgGroup(multiplicity = "1")
  private Source source;

  @Option(
      names = "--repeat",
      paramLabel = "N",
      defaultValue = "1",
      description = "Continue each prompt so many times (${DEFAULT-VALUE}).")
  private int repeat;

  @Option(
      names = "--tokenizer",
      paramLabel = "FILE",
      description = "A tokenizer.json (the one that belongs to the checkpoint).")
  private Path tokenizer;

  /** The tokenizer, where the prompts are text; the caller closes it. */
  Optional<Tokenizer> open(StoredModel model) {
    return source.tokenIds == null
        ? Optional.of(StoredTokenizer.open(model, Optional.ofNullable(tokenizer)))
        : Optional.empty();
  }

  /**
   * The ids of each prompt, each of them in the vocabulary.
   *
   * @throws PawlException CONFIG when there are none or one is not in the vocabulary
   */
  List<long[]> prompts(StoredModel model, Optional<Tokenizer> opened) throws IOException {
    if (repeat < 1) {
      throw wrong("--repeat %d: at least 1 is needed".formatted(repeat));
    }
    List<long[]> prompts = new ArrayList<>();
    for (int[] ids : each(opened)) {
      require(ids, model.config().vocabSize());
      for (int i = 0; i < repeat; i++) {
        prompts.add(Arrays.stream(ids).asLongStream().toArray());
      }
    }
    if (prompts.isEmpty()) {
      throw wrong("%s holds no prompt; write one a line".formatted(source.file));
    }
    return prompts;
  }

  private List<int[]> each(Optional<Tokenizer> opened) throws IOException {
    if (opened.isEmpty()) {
      return List.of(TokenOptions.numbers(source.tokenIds));
    }
    if (source.file == null) {
      return List.of(opened.get().encode(source.text));
    }
    if (!Files.isRegularFile(source.file)) {
      throw new NotFoundException("no file " + source.file);
    }
    List<int[]> all = new ArrayList<>();
    for (String line : Files.readAllLines(source.file)) {
      if (!line.isBlank()) {
        all.add(opened.get().encode(line));
      }
    }
    return all;
  }

  private static void require(int[] ids, int vocabulary) {
    if (ids.length == 0) {
      throw wrong("no tokens are given: the input is empty");
    }
    for (int i = 0; i < ids.length; i++) {
      if (ids[i] < 0 || ids[i] >= vocabulary) {
        throw wrong(
            "token id %d at position %d is outside the model's vocabulary, 0 to %d"
                .formatted(ids[i], i, vocabulary - 1));
      }
    }
  }

  private static PawlException wrong(String message) {
    return new PawlException(FailureCause.CONFIG, message);
  }
}
