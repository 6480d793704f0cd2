package dev.pawl.model.architecture;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pawl.model.config.ModelConfig;
import dev.pawl.model.config.Precision;
import dev.pawl.model.generation.CacheProtocol;
import dev.pawl.model.generation.GenerationListener;
import dev.pawl.model.generation.GenerationSettings;
import dev.pawl.model.generation.LanguageModel;
import dev.pawl.model.generation.PositionMode;
import dev.pawl.model.generation.SequenceGenerator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Lengths, padding, endings, positions and draws. */
class SequenceGeneratorTest {
  private static final long[] PROMPT = Arrays.copyOf(GoldenModel.PROMPTS, 8);
  private static final ModelConfig[] BOTH = {
    GoldenModel.vanilla(), GoldenModel.prefix(2), FurtherVariantsTest.named("m2 prefix R1")
  };

  @Test
  void promptsOfDifferentLengthsAreContinuedAsIfAlone() {
    for (ModelConfig config : BOTH) {
      List<long[]> prompts =
          List.of(
              Arrays.copyOf(GoldenModel.PROMPTS, 11),
              Arrays.copyOf(GoldenModel.PROMPTS, 2),
              Arrays.copyOfRange(GoldenModel.PROMPTS, 3, 8));
      List<long[]> together = generate(config, GenerationSettings.greedy(), prompts, 9);
      for (int i = 0; i < prompts.size(); i++) {
        long[] alone =
            generate(config, GenerationSettings.greedy(), prompts.subList(i, i + 1), 9).get(0);
        assertArrayEquals(alone, together.get(i), config + ", prompt " + i);
      }
    }
  }

  @Test
  void paddingOfThePromptCostsNoTokens() {
    for (int length = 9; length <= 11; length++) {
      List<long[]> found =
          generate(
              GoldenModel.prefix(2),
              GenerationSettings.greedy(),
              List.of(Arrays.copyOf(GoldenModel.PROMPTS, length)),
              20 - length);
      assertEquals(20 - length, found.get(0).length);
    }
  }

  @Test
  void bf16BeginsAlikeWithBothKindsOfCaches() {
    // Later on, roundings that differ may choose between tokens of almost the same logits.
    for (ModelConfig config : BOTH) {
      List<long[]> begun = new ArrayList<>();
      for (CacheProtocol protocol : CacheProtocol.values()) {
        try (GoldenModel golden = new GoldenModel(config);
            LanguageModel model =
                new LanguageModel(golden.architecture, golden.weights, Precision.BF16)) {
          List<long[]> found =
              new SequenceGenerator(model, GenerationSettings.greedy(), protocol)
                  .generate(List.of(PROMPT), 40);
          assertEquals(40, found.get(0).length);
          begun.add(Arrays.copyOf(found.get(0), 4));
        }
      }
      assertArrayEquals(begun.get(0), begun.get(1), config.toString());
    }
  }

  @Test
  void endOfTextEndsItsOwnSequenceOnly() {
    // Greedy: 15 40 31 8 15 40 .. and 31 8 8 8 ..
    List<long[]> prompts = List.of(PROMPT, Arrays.copyOfRange(GoldenModel.PROMPTS, 8, 16));
    GenerationSettings greedy = GenerationSettings.greedy();
    List<long[]> found = generate(GoldenModel.prefix(2), greedy.endingAt(8), prompts, 12);
    assertArrayEquals(new long[] {15, 40, 31, 8}, found.get(0));
    assertArrayEquals(new long[] {31, 8}, found.get(1));
    found = generate(GoldenModel.prefix(2), greedy.endingAt(15), prompts, 12);
    assertArrayEquals(new long[] {15}, found.get(0));
    assertEquals(12, found.get(1).length);
  }

  @Test
  void referencePositionsContinueAsTheReferenceDoes() {
    long[] found =
        generate(
                GoldenModel.prefix(2),
                GenerationSettings.greedy().at(PositionMode.REFERENCE),
                List.of(PROMPT),
                12)
            .get(0);
    assertArrayEquals(new long[] {15, 40, 31, 8, 15, 40, 31, 8, 15, 40, 31, 8}, found);
  }

  @Test
  void drawsAreAFunctionOfTheSeedAndOfTheSequence() {
    for (ModelConfig config : BOTH) {
      GenerationSettings drawn = GenerationSettings.greedy().sampling(1, 0, 1, 5);
      List<long[]> two = generate(config, drawn, List.of(PROMPT, PROMPT), 12);
      long[] first = two.get(0);
      assertArrayEquals(first, generate(config, drawn, List.of(PROMPT), 12).get(0));
      assertFalse(Arrays.equals(first, two.get(1)), "two sequences drew the same");
      GenerationSettings other = GenerationSettings.greedy().sampling(1, 0, 1, 6);
      assertFalse(Arrays.equals(first, generate(config, other, List.of(PROMPT), 12).get(0)));
      long[] greedy = generate(config, GenerationSettings.greedy(), List.of(PROMPT), 12).get(0);
      GenerationSettings best = GenerationSettings.greedy().sampling(3, 1, 1, 5);
      assertArrayEquals(greedy, generate(config, best, List.of(PROMPT), 12).get(0));
      GenerationSettings narrow = GenerationSettings.greedy().sampling(3, 0, 1e-9, 5);
      assertArrayEquals(greedy, generate(config, narrow, List.of(PROMPT), 12).get(0));
    }
  }

  @Test
  void aSequenceIsTheSameWhateverElseIsInItsBatch() {
    for (ModelConfig config : BOTH) {
      for (CacheProtocol protocol : CacheProtocol.values()) {
        GenerationSettings free = GenerationSettings.greedy().sampling(1.5, 20, 0.95, 5);
        List<long[]> prompts = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
          prompts.add(Arrays.copyOfRange(GoldenModel.PROMPTS, i % 7, i % 7 + 1 + i % 9));
        }
        try (GoldenModel golden = new GoldenModel(config);
            LanguageModel model =
                new LanguageModel(golden.architecture, golden.weights, Precision.FP64)) {
          // A token in the middle of some sequences ends them.
          long common =
              new SequenceGenerator(model, free)
                  .generate(prompts, 30).stream().map(ids -> ids[9]).findFirst().orElseThrow();
          GenerationSettings drawn = free.endingAt((int) common);
          SequenceGenerator generator = new SequenceGenerator(model, drawn, protocol);
          List<List<Long>> heard = new ArrayList<>();
          prompts.forEach(prompt -> heard.add(new ArrayList<>()));
          List<long[]> together =
              generator.generate(
                  prompts,
                  30,
                  0,
                  (sequence, tokens) ->
                      Arrays.stream(tokens).forEach(heard.get((int) sequence)::add));
          long lengths = together.stream().map(ids -> ids.length).distinct().count();
          assertTrue(lengths > 1, "sequences must end at several lengths, not at " + lengths);
          for (int i = 0; i < 20; i++) {
            List<long[]> alone =
                generator.generate(prompts.subList(i, i + 1), 30, i, GenerationListener.SILENT);
            assertArrayEquals(alone.get(0), together.get(i), config + ", sequence " + i);
            assertArrayEquals(
                heard.get(i).stream().mapToLong(Long::longValue).toArray(), together.get(i));
          }
        }
      }
    }
  }

  @Test
  void drawsFollowTheProbabilities() {
    int draws = 4000;
    double temperature = 0.7;
    double[] share = new double[48];
    try (GoldenModel model = new GoldenModel(GoldenModel.vanilla())) {
      double[] logits = model.logits(GoldenModel.PROMPTS, ones());
      double sum = 0;
      for (int k = 0; k < 48; k++) {
        share[k] = Math.exp(logits[7 * 48 + k] / temperature);
        sum += share[k];
      }
      for (int k = 0; k < 48; k++) {
        share[k] /= sum;
      }
    }
    for (int topK : new int[] {0, 5}) {
      double[] expected = share.clone();
      double kept = 1;
      if (topK > 0) {
        double least = Arrays.stream(share).sorted().skip(48 - topK).findFirst().orElseThrow();
        kept = Arrays.stream(share).filter(p -> p >= least).sum();
        for (int k = 0; k < 48; k++) {
          expected[k] = share[k] >= least ? share[k] / kept : 0;
        }
      }
      double[] counts = new double[48];
      GenerationSettings drawn = GenerationSettings.greedy().sampling(temperature, topK, 1, 1);
      for (long[] found :
          generate(GoldenModel.vanilla(), drawn, Collections.nCopies(draws, PROMPT), 1)) {
        counts[(int) found[0]]++;
      }
      for (int k = 0; k < 48; k++) {
        double deviation = Math.sqrt(draws * expected[k] * (1 - expected[k]));
        double distance = Math.abs(counts[k] - draws * expected[k]);
        assertTrue(distance <= 4.5 * deviation, "token " + k + ": " + counts[k]);
      }
    }
  }

  @Test
  void topPKeepsTheSmallestSetThatReachesIt() {
    double[] share;
    try (GoldenModel model = new GoldenModel(GoldenModel.vanilla())) {
      double[] logits = model.logits(GoldenModel.PROMPTS, ones());
      share = Arrays.stream(logits, 7 * 48, 8 * 48).map(Math::exp).toArray();
    }
    double sum = Arrays.stream(share).sum();
    double[] sorted = Arrays.stream(share).map(p -> -p / sum).sorted().map(p -> -p).toArray();
    double topP = sorted[0] + sorted[1] + sorted[2] / 2;
    GenerationSettings drawn = GenerationSettings.greedy().sampling(1, 0, topP, 1);
    List<long[]> found =
        generate(GoldenModel.vanilla(), drawn, Collections.nCopies(500, PROMPT), 1);
    assertEquals(3, found.stream().mapToLong(ids -> ids[0]).distinct().count());
    for (long[] ids : found) {
      assertTrue(share[(int) ids[0]] / sum >= sorted[2] - 1e-12);
    }
  }

  private static byte[] ones() {
    byte[] mask = new byte[16];
    Arrays.fill(mask, (byte) 1);
    return mask;
  }

  private static List<long[]> generate(
      ModelConfig config, GenerationSettings settings, List<long[]> prompts, int newTokens) {
    try (GoldenModel golden = new GoldenModel(config);
        LanguageModel model =
            new LanguageModel(golden.architecture, golden.weights, Precision.FP64)) {
      return new SequenceGenerator(model, settings).generate(prompts, newTokens);
    }
  }
}
