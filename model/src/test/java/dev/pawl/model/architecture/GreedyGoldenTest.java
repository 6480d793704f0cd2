package dev.pawl.model.architecture;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.pawl.model.config.BlockConfig;
import dev.pawl.model.config.BlockDecoderConfig;
import dev.pawl.model.config.EmbedderConfig;
import dev.pawl.model.config.ModelConfig;
import dev.pawl.model.config.Precision;
import dev.pawl.model.config.TokenDecoderConfig;
import dev.pawl.model.generation.CacheProtocol;
import dev.pawl.model.generation.GreedyDecoder;
import dev.pawl.model.generation.LanguageModel;
import dev.pawl.model.torch.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
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
    for (ModelConfig config : variants()) {
      for (int length = 1; length <= 9; length += 4) {
        requireRecomputed(config, length, 5);
      }
    }
  }

  @Test
  void everyPromptLengthAndBlockLengthEqualsFullRecomputation() {
    List<ModelConfig> configs = new ArrayList<>(List.of(GoldenModel.vanilla()));
    for (int block : new int[] {1, 2, 4, 8}) {
      configs.add(
          new BlockConfig(
              48,
              block,
              EmbedderConfig.lookup(32 / block),
              BlockDecoderConfig.of(GoldenModel.tiny()),
              TokenDecoderConfig.prefix(2, GoldenModel.tiny())));
    }
    for (ModelConfig config : configs) {
      for (int length = 1; length <= 17; length++) {
        requireRecomputed(config, length, 10);
      }
    }
  }

  // Both with caches that have room for all and with ones that grow.
  private static void requireRecomputed(ModelConfig config, int length, int newTokens) {
    long[] prompt = Arrays.copyOf(GoldenModel.PROMPTS, length);
    prompt[length - 1] = length;
    long[] expected = recomputed(config, prompt, newTokens);
    for (CacheProtocol protocol : CacheProtocol.values()) {
      long[] found = generate(config, prompt, 1, newTokens, protocol);
      assertEquals(newTokens, found.length);
      assertArrayEquals(expected, found, config + ", " + protocol + ", prompt of " + length);
    }
  }

  @Test
  void stepLogitsMeetTheReferenceAtBothPositions() {
    try (GoldenModel model = new GoldenModel(GoldenModel.prefix(2))) {
      double[] training = stepLogits(model, 0);
      assertArrayEquals(
          GoldenModel.numbers("-0.13076942 0.11777491 -0.08536592 0.03888487"),
          Arrays.copyOf(training, 4),
          1e-8);
      assertArrayEquals(
          GoldenModel.numbers("-0.54262068 0.55039852 -0.46744652 0.30743882"),
          Arrays.copyOfRange(training, 3 * 48, 3 * 48 + 4),
          1e-8);
      double[] reference = stepLogits(model, 1);
      assertArrayEquals(
          GoldenModel.numbers("-0.13076721 0.11777321 -0.08536502 0.03888492"),
          Arrays.copyOf(reference, 4),
          1e-8);
      assertArrayEquals(
          GoldenModel.numbers("-0.54262411 0.55040190 -0.46744929 0.30744052"),
          Arrays.copyOfRange(reference, 3 * 48, 3 * 48 + 4),
          1e-8);
    }
  }

  // Logits of the first new block of the first prompt, fed its own arg-max.
  private static double[] stepLogits(GoldenModel model, int positions) {
    Value weights = model.prepared();
    Value caches =
        model.program.infer(
            model.scope, "caches", weights, Value.of(model.scope, 2), Value.of(model.scope, 2));
    Value context =
        model.program.infer(
            model.scope,
            "read",
            weights,
            caches,
            Value.of(model.scope, model.scope.longs(GoldenModel.PROMPTS, 2, 8)),
            Value.of(model.scope, model.scope.longs(new long[2], 2)),
            Value.of(model.scope, 0),
            Value.of(model.scope, 0));
    return model
        .program
        .infer(
            model.scope,
            "decode_logits",
            weights,
            context,
            Value.of(model.scope, 4),
            Value.of(model.scope, positions),
            Value.of(model.scope, model.scope.doubles(0, 0, 1)),
            Value.of(model.scope, model.scope.doubles(new double[8], 2, 4)))
        .tensor(model.scope)
        .toDoubles();
  }

  private static List<ModelConfig> variants() {
    return List.of(
        GoldenModel.vanilla(),
        GoldenModel.prefix(2),
        GoldenModel.named("summation"),
        GoldenModel.named("projection"),
        GoldenModel.named("roberta"),
        GoldenModel.named("roberta_cls"),
        GoldenModel.named("T5 cross-attention"),
        GoldenModel.named("block length 1"),
        FurtherVariantsTest.named("m2 prefix R1"),
        FurtherVariantsTest.named("m2 summation"),
        FurtherVariantsTest.named("repeated prefix"),
        FurtherVariantsTest.named("m2 t5 embedder concat"));
  }

  private static long[] generate(ModelConfig config, long[] prompts, int batch, int newTokens) {
    return generate(config, prompts, batch, newTokens, CacheProtocol.OPTIMISED);
  }

  private static long[] generate(
      ModelConfig config, long[] prompts, int batch, int newTokens, CacheProtocol protocol) {
    try (GoldenModel golden = new GoldenModel(config);
        LanguageModel model =
            new LanguageModel(golden.architecture, golden.weights, Precision.FP64)) {
      return new GreedyDecoder(model, protocol).generate(prompts, batch, newTokens);
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
