package dev.pawl.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pawl.activities.checkpoint.InferenceModel;
import dev.pawl.activities.checkpoint.StoredModel;
import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import dev.pawl.model.generation.GenerationSettings;
import dev.pawl.model.generation.PositionMode;
import dev.pawl.model.generation.SequenceGenerator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Continues one prompt with one checkpoint, outside any experiment. */
@Command(
    name = "generate",
    mixinStandardHelpOptions = true,
    description =
        "What a model continues a prompt with: text after --text, else token ids; both in json.")
final class GenerateCommand implements Callable<Integer> {
  /** Names of the position modes. */
  enum Positions {
    training,
    reference
  }

  @Mixin private CheckpointOption checkpoint;
  @Mixin private TokenOptions tokens;
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

  @Option(
      names = "-o",
      paramLabel = "FORMAT",
      description = "table, json, csv or md (${DEFAULT-VALUE}).",
      defaultValue = "table")
  private Format format;

  @Override
  public Integer call() throws JsonProcessingException {
    if (maxNewTokens < 1) {
      throw wrong("--max-new-tokens %d: at least 1 is needed".formatted(maxNewTokens));
    }
    try (StoredModel stored = checkpoint.open()) {
      int[] ids = tokens.ids(stored);
      GenerationSettings settings = settings(stored);
      long[] generated;
      try (InferenceModel loaded = InferenceModel.load(stored, compute.start(stored))) {
        long[] prompt = Arrays.stream(ids).asLongStream().toArray();
        generated =
            new SequenceGenerator(loaded.model(), settings)
                .generate(List.of(prompt), maxNewTokens)
                .get(0);
      }
      int[] made = Arrays.stream(generated).mapToInt(Math::toIntExact).toArray();
      print(made, tokens.decode(stored, made));
      return ExitCode.DONE;
    }
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

  private void print(int[] generated, Optional<String> text) throws JsonProcessingException {
    if (format == Format.json) {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("token_ids", generated);
      text.ifPresent(said -> json.put("text", said));
      System.out.println(new ObjectMapper().writeValueAsString(json));
      return;
    }
    if (text.isPresent() && format == Format.table) {
      // Who prompts with words reads words.
      System.out.println(text.get());
      return;
    }
    List<List<Integer>> rows = new ArrayList<>();
    for (int i = 0; i < generated.length; i++) {
      rows.add(List.of(i, generated[i]));
    }
    System.out.print(format.rows(List.of("position", "token_id"), rows));
  }

  private static PawlException wrong(String message) {
    return new PawlException(FailureCause.CONFIG, message);
  }
}
