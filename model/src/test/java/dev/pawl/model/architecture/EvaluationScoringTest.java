package dev.pawl.model.architecture;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pawl.model.config.BlockConfig;
import dev.pawl.model.config.BlockDecoderConfig;
import dev.pawl.model.config.EmbedderConfig;
import dev.pawl.model.config.ModelConfig;
import dev.pawl.model.config.Precision;
import dev.pawl.model.config.TaskDefinition;
import dev.pawl.model.config.TaskFormat;
import dev.pawl.model.config.TaskKind;
import dev.pawl.model.config.TaskMetric;
import dev.pawl.model.config.TokenDecoderConfig;
import dev.pawl.model.evaluation.Answer;
import dev.pawl.model.evaluation.AnswerStore;
import dev.pawl.model.evaluation.Evaluation;
import dev.pawl.model.evaluation.GroupScorer;
import dev.pawl.model.evaluation.PreparedTask;
import dev.pawl.model.evaluation.Request;
import dev.pawl.model.evaluation.TaskDocument;
import dev.pawl.model.evaluation.TaskResult;
import dev.pawl.model.generation.LanguageModel;
import dev.pawl.model.generation.SequenceScorer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The formulas of block-transformer.md 6, and that no value depends on how answers are grouped. */
class EvaluationScoringTest {
  private static final int VOCABULARY = 48;

  private static BlockConfig blocks(int length) {
    return new BlockConfig(
        VOCABULARY,
        length,
        EmbedderConfig.lookup(32 / length),
        BlockDecoderConfig.of(GoldenModel.tiny()),
        TokenDecoderConfig.prefix(1, GoldenModel.tiny()));
  }

  private static int[] tokens(int count) {
    return IntStream.range(0, count).map(i -> (int) GoldenModel.PROMPTS[i]).toArray();
  }

  private static double[] tail(LanguageModel model, boolean padded, int[] tokens, int count) {
    // A longer neighbour, so that the row is padded on the right.
    return new SequenceScorer(model, padded, 1)
        .scoreTails(List.of(tokens(16), tokens), new int[] {1, count})
        .get(1)
        .logProbabilities();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4, 8})
  void paddedRowPredictsTheNextTokenForEveryLength(int block) {
    try (GoldenModel golden = new GoldenModel(blocks(block));
        LanguageModel model =
            new LanguageModel(golden.architecture, golden.weights, Precision.FP64)) {
      for (int inputs = 1; inputs <= 9; inputs++) {
        int[] tokens = tokens(inputs + 1);
        int right = block - (inputs + block - 1) % block;
        double[] logits = logits(golden, tokens, inputs, block - 1, right);
        double[] found = tail(model, true, tokens, inputs);
        for (int row = 0; row < inputs; row++) {
          assertEquals(
              logProbability(logits, row, tokens[row + 1]),
              found[row],
              1e-10,
              "block length %d, %d inputs, row %d".formatted(block, inputs, row));
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4, 8})
  void unpaddedModeShiftsRowsAndDropsTheFirstBlock(int block) {
    try (GoldenModel golden = new GoldenModel(blocks(block));
        LanguageModel model =
            new LanguageModel(golden.architecture, golden.weights, Precision.FP64)) {
      for (int inputs = block; inputs <= 12; inputs++) {
        int[] tokens = tokens(inputs + 1);
        int right = block - inputs % block;
        double[] logits = logits(golden, tokens, inputs, 0, right);
        double[] found = tail(model, false, tokens, inputs);
        // Token 1 stands first in the tail; those of the first block are predicted by nothing.
        for (int token = 1; token < block; token++) {
          assertTrue(Double.isNaN(found[token - 1]));
        }
        for (int row = 0; row < inputs - (block - 1); row++) {
          int token = row + block;
          assertEquals(
              logProbability(logits, row, tokens[token]),
              found[token - 1],
              1e-10,
              "block length %d, %d inputs, row %d".formatted(block, inputs, row));
        }
      }
    }
  }

  @Test
  void bothModesAgreeAtBlockLengthOne() {
    try (GoldenModel golden = new GoldenModel(blocks(1));
        LanguageModel model =
            new LanguageModel(golden.architecture, golden.weights, Precision.FP64)) {
      for (int count = 2; count <= 12; count++) {
        assertArrayEquals(
            tail(model, true, tokens(count), count - 1),
            tail(model, false, tokens(count), count - 1));
      }
    }
  }

  // Section 6.3 and 6.4: inputs alone, without the last token, whose place has id 0 and mask 1.
  private static double[] logits(
      GoldenModel golden, int[] tokens, int inputs, int left, int right) {
    int length = left + inputs + right;
    int block = golden.architecture.config().blockLength();
    // A single block predicts nothing; another of padding changes nothing before it.
    length = Math.max(length, 2 * block);
    long[] ids = new long[2 * length];
    byte[] mask = new byte[2 * length];
    for (int i = 0; i < inputs; i++) {
      ids[left + i] = tokens[i];
    }
    Arrays.fill(mask, left, left + inputs + 1, (byte) 1);
    Arrays.fill(mask, length, 2 * length, (byte) 1);
    return golden.logits(ids, mask);
  }

  private static double logProbability(double[] logits, int row, int token) {
    double[] scores = Arrays.copyOfRange(logits, row * VOCABULARY, (row + 1) * VOCABULARY);
    return scores[token] - Math.log(Arrays.stream(scores).map(Math::exp).sum());
  }

  /** Answers in memory; fails after some have been stored. */
  private static final class Memory implements AnswerStore {
    private final List<Answer> answers = new ArrayList<>();
    private final Set<Integer> seen = new HashSet<>();
    private int failAfter;

    Memory(int failAfter) {
      this.failAfter = failAfter;
    }

    @Override
    public List<Answer> stored() {
      return List.copyOf(answers);
    }

    @Override
    public void add(List<Answer> more) {
      if (answers.size() >= failAfter) {
        throw new IllegalStateException("killed");
      }
      for (Answer answer : more) {
        assertTrue(seen.add(answer.document()), "stored twice: " + answer);
      }
      answers.addAll(more);
    }
  }

  private static PreparedTask task() {
    SplittableRandom random = new SplittableRandom(5);
    List<TaskDocument> documents = new ArrayList<>();
    for (int i = 0; i < 90; i++) {
      List<Request> requests = new ArrayList<>();
      int[] context = random.ints(1 + random.nextInt(30), 1, VOCABULARY).toArray();
      for (int j = 0; j < 2; j++) {
        requests.add(
            new Request(context, random.ints(1 + random.nextInt(5), 1, VOCABULARY).toArray()));
      }
      documents.add(new TaskDocument(i, requests, List.of(true, false), List.of(3, 4), 0, 0));
    }
    TaskDefinition definition =
        new TaskDefinition(
            "t",
            "1.0",
            TaskKind.MULTIPLE_CHOICE,
            TaskFormat.JSONL,
            List.of(),
            List.of(),
            "",
            "c",
            List.of(),
            "",
            List.of("a", "b"),
            "",
            "",
            "0",
            List.of(),
            "",
            "",
            1,
            List.of(TaskMetric.ACC, TaskMetric.ACC_NORM));
    return new PreparedTask("t", definition, documents);
  }

  private static TaskResult run(LanguageModel model, AnswerStore store, int batch)
      throws IOException {
    return Evaluation.run(
        task(),
        new GroupScorer(new SequenceScorer(model, true, 1), 32),
        store,
        batch,
        (name, done, total) -> {});
  }

  @Test
  void neitherBatchSizeNorInterruptionsChangeABit() throws IOException {
    for (ModelConfig config : List.of(GoldenModel.vanilla(), blocks(4))) {
      try (GoldenModel golden = new GoldenModel(config);
          LanguageModel model =
              new LanguageModel(golden.architecture, golden.weights, Precision.FP32)) {
        TaskResult one = run(model, new Memory(1000), 1);
        assertEquals(one, run(model, new Memory(1000), 7));
        assertEquals(one, run(model, new Memory(1000), 64));
        Memory killed = new Memory(20);
        for (int limit = 40; limit <= 80; limit += 20) {
          assertThrows(IllegalStateException.class, () -> run(model, killed, 7));
          killed.failAfter = limit;
        }
        killed.failAfter = 1000;
        assertEquals(one, run(model, killed, 64));
        assertEquals(90, killed.seen.size());
      }
    }
  }
}
