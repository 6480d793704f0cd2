package dev.pawl.model.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pawl.model.config.ModelConfig;
import dev.pawl.model.config.Precision;
import dev.pawl.model.generation.LanguageModel;
import dev.pawl.model.generation.SequenceScorer;
import dev.pawl.model.generation.SequenceScorer.TokenScores;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Token scores against logits of a whole forward pass. */
class SequenceScorerTest {

  @Test
  void eachTokenIsScoredAfterAllBeforeIt() {
    for (ModelConfig config : new ModelConfig[] {GoldenModel.vanilla(), GoldenModel.prefix(2)}) {
      for (int length = 2; length <= 9; length++) {
        int[] sequence =
            IntStream.range(0, length).map(i -> (int) GoldenModel.PROMPTS[i]).toArray();
        try (GoldenModel golden = new GoldenModel(config);
            LanguageModel model =
                new LanguageModel(golden.architecture, golden.weights, Precision.FP64)) {
          List<TokenScores> scores =
              new SequenceScorer(model, true, 2)
                  .score(List.of(new int[] {3, 4, 5, 6, 7}, sequence, new int[] {1, 2}));
          double[] found = scores.get(1).logProbabilities();
          assertTrue(Double.isNaN(found[0]));
          for (int j = 1; j < length; j++) {
            assertEquals(expected(golden, sequence, j), found[j], 1e-10, config + " token " + j);
          }
        }
      }
    }
  }

  @Test
  void unpaddedBlocksLeaveTheFirstBlockUnscored() {
    try (GoldenModel golden = new GoldenModel(GoldenModel.prefix(2));
        LanguageModel model =
            new LanguageModel(golden.architecture, golden.weights, Precision.FP64)) {
      double[] found =
          new SequenceScorer(model, false, 2)
              .score(List.of(new int[] {7, 11, 5, 13, 9}))
              .get(0)
              .logProbabilities();
      assertTrue(Arrays.stream(found, 0, 4).allMatch(Double::isNaN));
      assertTrue(found[4] < 0);
    }
  }

  // The log-probability of token j out of the logits of an independent layout of the same tokens.
  private static double expected(GoldenModel golden, int[] sequence, int j) {
    boolean blocks = golden.architecture.program().equals("block");
    int pads = blocks ? 3 : 0;
    int length = 12;
    long[] ids = new long[2 * length];
    byte[] mask = new byte[2 * length];
    for (int i = 0; i <= j; i++) {
      ids[pads + i] = sequence[i];
    }
    Arrays.fill(mask, pads, pads + j + 1, (byte) 1);
    Arrays.fill(mask, length, 2 * length, (byte) 1);
    double[] logits = golden.logits(ids, mask);
    int row = blocks ? pads + j - 4 : j - 1;
    double[] scores = Arrays.copyOfRange(logits, row * 48, (row + 1) * 48);
    double sum = Arrays.stream(scores).map(Math::exp).sum();
    return scores[sequence[j]] - Math.log(sum);
  }
}
