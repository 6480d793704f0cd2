package dev.pawl.model.dataset.megatron;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pawl.model.dataset.RandomState;
import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The golden samples of megatron.md 3.11 and 3.12, and what is refused. */
class SentenceExamplesTest {
  private static final List<int[]> SENTENCES =
      List.of(
          ids("10 11 30 12 13"),
          ids("14 15 16 31 32 17"),
          ids("18 19 20"),
          ids("21 22 33 23 24 25"));

  @TempDir private Path folder = Path.of("");

  @Test
  void aBertSampleIsThePublishedOne() {
    BertExample example = bert(21, 1234);
    assertArrayEquals(
        ids("2 10 11 30 12 4 4 15 16 31 32 17 18 19 20 3 21 22 33 23 24 25 3 0"), example.text());
    assertEquals(Map.of(5, 13, 6, 14, 14, 20), labels(example));
    assertFalse(example.isRandom());
    assertFalse(example.truncated());
    assertArrayEquals(ids("0 ".repeat(16) + "1 ".repeat(7) + "0"), example.types());
    assertArrayEquals(ids("1 ".repeat(23) + "0"), example.paddingMask());
    assertEquals(3, Arrays.stream(example.lossMask()).sum());
  }

  @Test
  void aSwappedBertSampleIsThePublishedOne() {
    BertExample example = bert(21, 1241);
    assertArrayEquals(
        ids("2 18 19 20 21 22 33 23 24 25 3 10 11 30 12 13 14 15 4 4 4 17 3 0"), example.text());
    assertEquals(Map.of(18, 16, 19, 31, 20, 32), labels(example));
    assertTrue(example.isRandom());
  }

  @Test
  void aTruncatedBertSampleIsThePublishedOne() {
    BertExample example = bert(12, 1241);
    assertArrayEquals(
        ids("2 39 21 22 33 23 24 3 12 13 14 15 16 31 3" + " 0".repeat(9)), example.text());
    assertEquals(Map.of(1, 20), labels(example));
    assertTrue(example.isRandom());
    assertTrue(example.truncated());
  }

  @Test
  void aT5SampleIsThePublishedOne() {
    PieceVocabulary vocabulary = PieceVocabulary.bert(pieces(), 100);
    T5Example example =
        new T5ExampleBuilder(vocabulary, 24, 16, 0.15).build(SENTENCES, 20, new RandomState(1234));
    assertArrayEquals(
        ids("10 11 30 12 13 14 15 16 31 32 17 18 19 20 21 22 33 42" + " 0".repeat(6)),
        example.encoderText());
    assertArrayEquals(ids("40 42 23 24 25" + " 0".repeat(11)), example.decoderText());
    assertArrayEquals(ids("42 23 24 25 41" + " -1".repeat(11)), example.labels());
    assertArrayEquals(ids("1 1 1 1 1" + " 0".repeat(11)), example.lossMask());
    assertFalse(example.truncated());
    assertEquals(18 * 18, sum(example.encoderMask()));
    assertEquals(5 * 6 / 2, sum(example.decoderMask()));
    assertEquals(5 * 18, sum(example.crossMask()));
    assertEquals(16, example.crossMask().length);
    assertArrayEquals(ids("1 1 0" + " 0".repeat(13)), example.decoderMask()[1]);
  }

  @Test
  void samplesOfADatasetAreDrawnWithTheirNumber() throws IOException {
    CountedSentences source = CountedSentences.document(SENTENCES.toArray(int[][]::new));
    SentenceSamplesRequest request = new SentenceSamplesRequest(0, 9, 24, 0.15, 0, 1234);
    BertDataset dataset =
        BertDataset.open(
            source, 0, 1, request, PieceVocabulary.of(pieces()), true, new IndexCache(folder));
    assertEquals(9, dataset.samples());
    assertArrayEquals(bert(21, 1234).text(), dataset.sample(0).text());
    assertArrayEquals(bert(21, 1241).text(), dataset.sample(7).text());
    T5Dataset t5 =
        T5Dataset.open(
            source,
            0,
            1,
            new SentenceSamplesRequest(1, 0, 22, 0.15, 0, 1234),
            16,
            PieceVocabulary.bert(pieces(), 100),
            new IndexCache(folder));
    assertEquals(1, t5.samples());
    assertArrayEquals(ids("42 23 24 25 41" + " -1".repeat(11)), t5.sample(0).labels());
  }

  @Test
  void withoutTheBinaryHeadThereIsOneSegment() {
    BertExample example =
        new BertExampleBuilder(PieceVocabulary.of(pieces()), 24, 0.15, false)
            .build(SENTENCES.subList(0, 1), 21, new RandomState(1));
    assertEquals(7, Arrays.stream(example.paddingMask()).sum());
    assertEquals(0, Arrays.stream(example.types()).sum());
    assertFalse(example.isRandom());
  }

  @Test
  void vocabulariesThatDoNotDoAreRefused() {
    List<String> pieces = pieces();
    refused(
        FailureCause.CONFIG,
        "has no <extra_id_0>",
        () -> new T5ExampleBuilder(PieceVocabulary.bert(pieces, 0), 24, 16, 0.15));
    refused(
        FailureCause.CONFIG,
        "of 40 pieces lacks '[BOS]'",
        () -> new T5ExampleBuilder(PieceVocabulary.of(pieces), 24, 16, 0.15));
    refused(
        FailureCause.CONFIG,
        "lacks '[CLS]'",
        () -> new BertExampleBuilder(PieceVocabulary.of(List.of("a")), 24, 0.15, true));
    refused(
        FailureCause.CONFIG,
        "'a' twice, as 0 and 2",
        () -> PieceVocabulary.of(List.of("a", "b", "a")));
    List<String> late = List.of("[UNK]", "[PAD]", "[CLS]", "[SEP]", "[MASK]");
    refused(
        FailureCause.CONFIG,
        "[PAD] is token 1",
        () -> new T5ExampleBuilder(PieceVocabulary.bert(late, 1), 24, 16, 0.15));
  }

  @Test
  void samplesThatDoNotFitAreRefused() {
    PieceVocabulary one = PieceVocabulary.bert(pieces(), 1);
    refused(
        FailureCause.CONFIG,
        "takes 5 tokens in the decoder, its length is 4; raise decoder_seq_length",
        () -> new T5ExampleBuilder(one, 24, 4, 0.15).build(SENTENCES, 20, new RandomState(1234)));
    refused(
        FailureCause.CONFIG,
        "the vocabulary has 1 extra ids; add more",
        () -> new T5ExampleBuilder(one, 24, 40, 0.6).build(SENTENCES, 20, new RandomState(1)));
    refused(
        FailureCause.CONFIG,
        "mask_prob 0.0",
        () -> new SentenceSamplesRequest(1, 0, 24, 0, 0.1, 1234));
    BertExampleBuilder builder =
        new BertExampleBuilder(PieceVocabulary.of(pieces()), 24, 0.15, true);
    refused(
        FailureCause.DATA,
        "a sample of 1 sentence has no two segments",
        () -> builder.build(SENTENCES.subList(0, 1), 21, new RandomState(1)));
    refused(
        FailureCause.DATA,
        "has no token; remove empty sentences",
        () -> builder.build(List.of(new int[0], new int[0]), 21, new RandomState(1)));
    assertThrows(
        IllegalArgumentException.class, () -> builder.build(SENTENCES, 22, new RandomState(1)));
  }

  @Test
  void aTokenOfAnotherVocabularyIsRefused() throws IOException {
    CountedSentences source = CountedSentences.document(ids("5 6"), ids("7 40"));
    BertDataset dataset =
        BertDataset.open(
            source,
            0,
            1,
            new SentenceSamplesRequest(1, 0, 24, 0.15, 0, 1),
            PieceVocabulary.of(pieces()),
            true,
            new IndexCache(folder));
    refused(
        FailureCause.DATA,
        "sentence 1 has the token 40, the vocabulary has 40 pieces",
        () -> dataset.sample(0));
  }

  private static BertExample bert(int target, long state) {
    return new BertExampleBuilder(PieceVocabulary.of(pieces()), 24, 0.15, true)
        .build(SENTENCES, target, new RandomState(state));
  }

  private static List<String> pieces() {
    List<String> special = List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]");
    return IntStream.range(0, 40)
        .mapToObj(i -> i < 5 ? special.get(i) : (i < 30 ? "w" : "##") + i)
        .toList();
  }

  private static Map<Integer, Integer> labels(BertExample example) {
    return IntStream.range(0, example.labels().length)
        .filter(i -> example.labels()[i] != -1)
        .boxed()
        .collect(Collectors.toMap(i -> i, i -> example.labels()[i], (a, b) -> a, TreeMap::new));
  }

  private static int sum(int[][] mask) {
    return Arrays.stream(mask).flatMapToInt(Arrays::stream).sum();
  }

  private static int[] ids(String text) {
    return Arrays.stream(text.strip().split(" +")).mapToInt(Integer::parseInt).toArray();
  }

  private static void refused(
      FailureCause cause, String part, org.junit.jupiter.api.function.Executable call) {
    PawlException refused = assertThrows(PawlException.class, call);
    assertEquals(cause, refused.failureCause());
    assertTrue(refused.getMessage().contains(part), refused.getMessage());
  }
}
