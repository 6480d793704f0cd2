package dev.pawl.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pawl.activities.checkpoint.InferenceModel;
import dev.pawl.activities.checkpoint.StoredModel;
import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import dev.pawl.model.generation.GenerationListener;
import dev.pawl.model.generation.GenerationSettings;
import dev.pawl.model.generation.PositionMode;
import dev.pawl.model.generation.ProcessMemory;
import dev.pawl.model.generation.SequenceGenerator;
import dev.pawl.model.tokenizer.Tokenizer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Continues prompts with one checkpoint, outside any experiment. */
@Command(
    name = "generate",
    mixinStandardHelpOptions = true,
    description =
        "What a model continues prompts with: text after text, else token ids; both in json.")
final class GenerateCommand implements Callable<Integer> {
  /** Names of the position modes. */
  enum Positions {
    training,
    reference
  }

  @Mixin private CheckpointOption checkpoint;
  @Mixin private PromptOptions prompts;
  @Mixin private ComputeOptions compute;

  @Option(
      names = "--max-new-tokens",
      required = true,
      paramLabel = "N",
      description = "Tokens to generate at most.")
  private int maxNewTokens;

  @Option(
      names = "--eos",
      paramLabel = "none|ID",
      description = "Token that ends the sequence, itself included (${DEFAULT-VALUE}).",
      defaultValue = "none")
  private String eos;

  @Option(
      names = "--temperature",
      paramLabel = "T",
      description = "Above 0 tokens are drawn; 0 takes the most likely (${DEFAULT-VALUE}).",
      defaultValue = "0")
  private double temperature;

  @Option(
      names = "--top-k",
      paramLabel = "K",
      description = "Draw among so many of the most likely; 0 for all (${DEFAULT-VALUE}).",
      defaultValue = "0")
  private int topK;

  @Option(
      names = "--top-p",
      paramLabel = "P",
      description = "Draw among the most likely of that share (${DEFAULT-VALUE}).",
      defaultValue = "1")
  private double topP;

  @Option(
      names = "--seed",
      paramLabel = "S",
      description = "Seed of the draws (${DEFAULT-VALUE}).",
      defaultValue = "42")
  private long seed;

  @Option(
      names = "--positions",
      description =
          "Positions inside a block: training, or reference, as the original program generates"
              + " (${DEFAULT-VALUE}).",
      defaultValue = "training")
  private Positions positions;

  @Option(names = "-o", paramLabel = "FORMAT", description = Format.CHOICES, defaultValue = "table")
  private Format format;

  @Option(
      names = "--batch-size",
      paramLabel = "N",
      description = "Prompts at a time (${DEFAULT-VALUE}); what is drawn for one does not change.",
      defaultValue = "1")
  private int batchSize;

  @Option(
      names = "--stream",
      description =
          "Print the text of the first prompt while it is generated; so it is for a single one on a"
              + " terminal.")
  private boolean stream;

  @Override
  public Integer call() throws IOException {
    if (maxNewTokens < 1) {
      throw wrong("--max-new-tokens %d: at least 1 is needed".formatted(maxNewTokens));
    }
    if (batchSize < 1) {
      throw wrong("--batch-size %d: at least 1 is needed".formatted(batchSize));
    }
    try (StoredModel stored = checkpoint.open()) {
      Optional<Tokenizer> tokenizer = prompts.open(stored);
      try {
        return generate(stored, tokenizer);
      } finally {
        tokenizer.ifPresent(Tokenizer::close);
      }
    }
  }

  private int generate(StoredModel stored, Optional<Tokenizer> tokenizer) throws IOException {
    List<long[]> given = prompts.prompts(stored, tokenizer);
    GenerationSettings settings = settings(stored);
    // A single text comes out the same either way; the launcher knows of a terminal.
    boolean watched = given.size() == 1 && Boolean.getBoolean("pawl.terminal.out");
    boolean streams = format == Format.table && tokenizer.isPresent() && (stream || watched);
    Optional<TextStream> text =
        streams ? tokenizer.map(words -> new TextStream(words, System.out)) : Optional.empty();
    GenerationListener listener =
        (sequence, made) -> {
          if (sequence == 0) {
            text.ifPresent(one -> one.add(made));
          }
        };
    List<int[]> made = new ArrayList<>();
    double seconds = 0;
    try (InferenceModel loaded = InferenceModel.load(stored, compute.start(stored))) {
      SequenceGenerator generator = new SequenceGenerator(loaded.model(), settings);
      ProcessMemory.resetPeak();
      long start = System.nanoTime();
      for (int first = 0; first < given.size(); first += batchSize) {
        List<long[]> batch = given.subList(first, Math.min(first + batchSize, given.size()));
        for (long[] ids : generator.generate(batch, maxNewTokens, first, listener)) {
          made.add(Arrays.stream(ids).mapToInt(Math::toIntExact).toArray());
        }
      }
      seconds = (System.nanoTime() - start) / 1e9;
    }
    text.ifPresent(TextStream::end);
    print(text.isPresent() ? made.subList(1, made.size()) : made, made.size(), tokenizer);
    summarize(given, made, seconds);
    return ExitCode.DONE;
  }

  private static void summarize(List<long[]> prompts, List<int[]> made, double seconds) {
    long tokens = made.stream().mapToLong(ids -> ids.length).sum();
    int longest = prompts.stream().mapToInt(prompt -> prompt.length).max().orElseThrow();
    System.err.printf(
        Locale.ROOT,
        "%d prompt%s of up to %d tokens, %d new tokens in %.2f s: %.1f tokens/s; peak memory %d MiB%n",
        prompts.size(),
        prompts.size() == 1 ? "" : "s",
        longest,
        tokens,
        seconds,
        tokens / seconds,
        ProcessMemory.peakBytes() >> 20);
  }

  private GenerationSettings settings(StoredModel stored) {
    GenerationSettings settings = GenerationSettings.greedy();
    if (positions == Positions.reference) {
      settings = settings.at(PositionMode.REFERENCE);
    }
    if (!eos.equals("none")) {
      settings = settings.endingAt(endOfText(stored));
    }
    try {
      return settings.sampling(temperature, topK, topP, seed);
    } catch (IllegalArgumentException e) {
      throw wrong(String.valueOf(e.getMessage()));
    }
  }

  private int endOfText(StoredModel stored) {
    int vocabulary = stored.config().vocabSize();
    try {
      int id = Integer.parseInt(eos);
      if (id >= 0 && id < vocabulary) {
        return id;
      }
    } catch (NumberFormatException e) {
      throw wrong("--eos '%s' is neither none nor a token id".formatted(eos));
    }
    throw wrong(
        "--eos %s is outside the model's vocabulary, 0 to %d".formatted(eos, vocabulary - 1));
  }

  private void print(List<int[]> made, int asked, Optional<Tokenizer> tokenizer)
      throws JsonProcessingException {
    if (format == Format.json) {
      List<Map<String, Object>> all = new ArrayList<>();
      for (int[] ids : made) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("token_ids", ids);
        tokenizer.ifPresent(words -> json.put("text", words.decode(ids)));
        all.add(json);
      }
      System.out.println(new ObjectMapper().writeValueAsString(asked == 1 ? all.get(0) : all));
      return;
    }
    if (asked > 1) {
      table(made, asked - made.size(), tokenizer);
    } else if (!made.isEmpty() && tokenizer.isPresent() && format == Format.table) {
      // Who prompts with words reads words.
      System.out.println(tokenizer.get().decode(made.get(0)));
    } else if (!made.isEmpty()) {
      List<List<Integer>> rows = new ArrayList<>();
      for (int i = 0; i < made.get(0).length; i++) {
        rows.add(List.of(i, made.get(0)[i]));
      }
      System.out.print(format.rows(List.of("position", "token_id"), rows));
    }
  }

  private void table(List<int[]> made, int first, Optional<Tokenizer> tokenizer) {
    List<List<Object>> rows = new ArrayList<>();
    for (int i = 0; i < made.size(); i++) {
      int[] ids = made.get(i);
      rows.add(
          List.of(
              first + i,
              ids.length,
              tokenizer.map(words -> words.decode(ids)).orElseGet(() -> Arrays.toString(ids))));
    }
    String name = tokenizer.isPresent() ? "text" : "token_ids";
    System.out.print(format.rows(List.of("prompt", "tokens", name), rows));
  }

  private static PawlException wrong(String message) {
    return new PawlException(FailureCause.CONFIG, message);
  }
}
