package dev.pawl.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pawl.activities.checkpoint.InferenceModel;
import dev.pawl.activities.checkpoint.StoredModel;
import dev.pawl.model.config.BlockConfig;
import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import dev.pawl.model.generation.SequenceScorer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Scores one sequence with one checkpoint, outside any experiment. */
@Command(
    name = "score",
    mixinStandardHelpOptions = true,
    description = "Log-probability (nats) of each token of a sequence after those before it.")
final class ScoreCommand implements Callable<Integer> {
  /** Ways of reading a sequence in blocks. */
  enum Mode {
    padded,
    unpadded
  }

  @Mixin private CheckpointOption checkpoint;
  @Mixin private TokenOptions tokens;
  @Mixin private ComputeOptions compute;

  @Option(
      names = "--mode",
      description =
          "Block models only. padded: the first token ends a block of padding, and every later one is"
              + " scored; unpadded: the first block is not scored (as the model was trained, or"
              + " padded).")
  private Mode mode;

  @Option(names = "-o", paramLabel = "FORMAT", description = Format.CHOICES, defaultValue = "table")
  private Format format;

  @Override
  public Integer call() throws JsonProcessingException {
    try (StoredModel stored = checkpoint.open()) {
      int[] ids = tokens.ids(stored);
      boolean padded = padded(stored);
      requireLength(stored, padded, ids.length);
      double[] scores;
      try (InferenceModel loaded = InferenceModel.load(stored, compute.start(stored))) {
        SequenceScorer scorer = new SequenceScorer(loaded.model(), padded, 1);
        scores = scorer.score(List.of(ids)).get(0).logProbabilities();
      }
      print(ids, scores);
      return ExitCode.DONE;
    }
  }

  private boolean padded(StoredModel stored) {
    if (mode != null) {
      return mode == Mode.padded;
    }
    if (stored.config() instanceof BlockConfig && !stored.trainingKnown()) {
      System.err.println(
          "note: nobody says how the model was trained: scored padded; published models of 300M"
              + " parameters and more want --mode unpadded");
    }
    return stored.padded();
  }

  private static void requireLength(StoredModel stored, boolean padded, int length) {
    boolean wholeBlock = stored.config() instanceof BlockConfig && !padded;
    int needed = (wholeBlock ? stored.config().blockLength() : 1) + 1;
    if (length < needed) {
      throw new PawlException(
          FailureCause.CONFIG,
          "%d token%s given, but nothing is predicted before token %d%s"
              .formatted(
                  length,
                  length == 1 ? " is" : "s are",
                  needed,
                  wholeBlock ? " in unpadded mode: the first block is never predicted" : ""));
    }
  }

  private void print(int[] ids, double[] scores) throws JsonProcessingException {
    double sum = 0;
    int predicted = 0;
    for (double score : scores) {
      if (!Double.isNaN(score)) {
        sum -= score;
        predicted++;
      }
    }
    double loss = sum / predicted;
    if (format == Format.json) {
      ObjectMapper json = new ObjectMapper();
      ObjectNode root = json.createObjectNode();
      ArrayNode list = root.putArray("token_logprobs");
      for (double score : scores) {
        if (Double.isNaN(score)) {
          list.addNull();
        } else {
          list.add(score);
        }
      }
      root.put("loss", loss);
      System.out.println(json.writeValueAsString(root));
      return;
    }
    List<List<String>> rows = new ArrayList<>();
    for (int i = 0; i < ids.length; i++) {
      String score = Double.isNaN(scores[i]) ? "" : Double.toString(scores[i]);
      rows.add(List.of(Integer.toString(i), Integer.toString(ids[i]), score));
    }
    System.out.print(format.rows(List.of("position", "token_id", "logprob"), rows));
    System.err.printf(Locale.ROOT, "loss %s over %d tokens%n", loss, predicted);
  }
}
