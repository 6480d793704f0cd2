package dev.pawl.model.architecture;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.pawl.model.config.ModelConfig;
import dev.pawl.model.config.Precision;
import dev.pawl.model.generation.GreedyDecoder;
import dev.pawl.model.generation.LanguageModel;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/**
 * The greedy sequences of block-transformer.md 10, and cached decoding against full recomputation.
 */
class GreedyGoldenTest {

  @Test
  void vanillaContinuesAsTheReference() {
    long[] found = generate(GoldenModel.vanilla(), GoldenModel.PROMPTS, 2, 6);
    assertArrayEquals(new long[] {23, 21, 28, 12, 28, 12, 21, 28, 12, 28, 28, 28}, found);
  }

  @Test
  void blockContinuesAsTheReferenceAtTrainingPositions() {
    long[] found = generate(GoldenModel.prefix(2), GoldenModel.PROMPTS, 2, 12);
    assertArrayEquals(
        new long[] {15, 40, 31, 8, 15, 40, 31, 8, 15, 40, 31, 8}, GreedyDecoder.row(found, 2, 0));
    assertArrayEquals(
        new long[] {31, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8}, GreedyDecoder.row(found, 2, 1));
  }

  @Test
  void cachedDecodingEqualsFullRecomputationAndHasTheLengthAskedFor() {
    for (ModelConfig config : new ModelConfig[] {GoldenModel.vanilla(), GoldenModel.prefix(2)}) {
      for (int length = 1; length <= 9; length++) {
        long[] prompt = Arrays.copyOf(GoldenModel.PROMPTS, length);
        long[] found = generate(config, prompt, 1, 5);
        assertEquals(5, found.length);
        assertArrayEquals(recomputed(config, prompt, 5), found, config + ", prompt of " + length);
      }
    }
  }

  private static long[] generate(ModelConfig config, long[] prompts, int batch, int newTokens) {
    try (GoldenModel golden = new GoldenModel(config);
        LanguageModel model =
            new LanguageModel(golden.architecture, golden.weights, Precision.FP64)) {
      return new GreedyDecoder(model).generate(prompts, batch, newTokens);
    }
  }

  // Appends the arg-max of a whole forward pass, token by token. A block model is padded on the
  // left
  // by the same count throughout, its first guess for the token standing in as id 0.
  private static long[] recomputed(ModelConfig config, long[] prompt, int newTokens) {
    int block = config.blockLength();
    int pads = (block - prompt.length % block) % block;
    try (GoldenModel golden = new GoldenModel(config)) {
      long[] sequence = new long[pads + prompt.length];
      System.arraycopy(prompt, 0, sequence, pads, prompt.length);
      long[] found = new long[newTokens];
      for (int i = 0; i < newTokens; i++) {
        int at = sequence.length;
        int length = (at + block) / block * block;
        boolean blocks = golden.architecture.program().equals("block");
        long[] ids = Arrays.copyOf(sequence, 2 * length);
        byte[] mask = new byte[2 * length];
        Arrays.fill(mask, pads, length, (byte) 1);
        Arrays.fill(mask, length, 2 * length, (byte) 1);
        double[] logits = golden.logits(ids, mask);
        int row = blocks ? at - block : at - 1;
        double[] scores = Arrays.copyOfRange(logits, row * 48, (row + 1) * 48);
        int best = 0;
        for (int k = 1; k < 48; k++) {
          best = scores[k] > scores[best] ? k : best;
        }
        found[i] = best;
        sequence = Arrays.copyOf(sequence, at + 1);
        sequence[at] = best;
      }
      return found;
    }
  }
}
