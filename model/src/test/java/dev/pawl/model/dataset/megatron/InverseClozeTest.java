package dev.pawl.model.dataset.megatron;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pawl.model.dataset.PythonRandom;
import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The golden block mapping of megatron.md 8, samples, and what is refused. */
class InverseClozeTest {
  private static final int[] STARTS = {0, 3, 4, 9, 9, 12, 18};
  private static final int[] LENGTHS = {
    10, 20, 5, 30, 8, 8, 8, 8, 8, 600, 3, 4, 6, 7, 8, 9, 10, 11
  };
  private static final PieceVocabulary VOCABULARY =
      PieceVocabulary.of(List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "a", "b", "c"));

  @TempDir private Path folder = Path.of("");

  @Test
  void theMappingIsThePublishedOne() throws IOException {
    assertEquals(
        "(4,7,2,1)(0,3,0,0)(7,9,2,2)(15,18,5,4)(12,15,5,3)",
        rows(open(0, 6, new MappingRequest(1, 0, 20, 0, 1234, 2), 2, 2, 2, 2, 2, 2)));
  }

  @Test
  void aPartKeepsTheDocumentsOfTheWhole() throws IOException {
    BlockMapping part = open(5, 6, new MappingRequest(1, 0, 20, 0, 1, 2), 2, 2, 2, 2, 2, 2);
    assertEquals(2, part.samples());
    assertEquals(5, part.document(0));
    assertEquals(5, part.document(1));
  }

  @Test
  void otherTitlesAreOtherBlocks() throws IOException {
    MappingRequest request = new MappingRequest(1, 0, 20, 0, 1, 2);
    assertEquals(5, open(0, 6, request, 2, 2, 2, 2, 2, 2).samples());
    // A block of document 5 is now full with two sentences.
    assertEquals(6, open(0, 6, request, 2, 2, 2, 2, 2, 8).samples());
  }

  @Test
  void aSentenceIsTakenOutOfItsBlock() {
    List<int[]> block = List.of(new int[] {4, 4}, new int[] {5, 5}, new int[] {6, 6});
    InverseClozeExample example =
        new InverseClozeBuilder(VOCABULARY, 10, 0)
            .build(block, new int[] {6}, new PythonRandom(1234));
    int chosen = (int) new PythonRandom(1234).randint(0, 2);
    int word = 4 + chosen;
    assertArrayEquals(new int[] {2, word, word, 3, 0, 0, 0, 0, 0, 0}, example.query());
    assertArrayEquals(new int[] {1, 1, 1, 1, 0, 0, 0, 0, 0, 0}, example.queryMask());
    int[] rest = IntStream.of(4, 5, 6).filter(id -> id != word).toArray();
    assertArrayEquals(
        new int[] {2, 6, 3, rest[0], rest[0], rest[1], rest[1], 3, 0, 0}, example.context());
    assertArrayEquals(new int[] {1, 1, 1, 1, 1, 1, 1, 1, 0, 0}, example.contextMask());
    InverseClozeExample kept =
        new InverseClozeBuilder(VOCABULARY, 8, 1)
            .build(block, new int[] {6}, new PythonRandom(1234));
    assertArrayEquals(new int[] {2, 6, 3, 4, 4, 5, 5, 3}, kept.context());
  }

  @Test
  void samplesOfADatasetHaveTheTitleOfTheirDocument() throws IOException {
    int[][] sentences = {{4, 4}, {5, 5}, {5, 6}, {6, 6}};
    CountedSentences source =
        new CountedSentences(CountedSentences.document(sentences).sentences(), new int[] {0, 2, 4});
    CountedSentences titles = CountedSentences.document(new int[] {4}, new int[] {5, 6});
    SentenceSamplesRequest request = new SentenceSamplesRequest(1, 0, 12, 0.1, 0, 7);
    InverseClozeDataset dataset =
        InverseClozeDataset.open(
            source, titles, 1, 2, request, false, VOCABULARY, new IndexCache(folder));
    assertEquals(1, dataset.samples());
    InverseClozeExample expected =
        new InverseClozeBuilder(VOCABULARY, 12, 0.1)
            .build(List.of(sentences[2], sentences[3]), new int[] {5, 6}, new PythonRandom(7));
    assertArrayEquals(expected.query(), dataset.sample(0).query());
    assertArrayEquals(expected.context(), dataset.sample(0).context());
    assertArrayEquals(
        new int[] {2, 5, 6, 3}, java.util.Arrays.copyOf(dataset.sample(0).context(), 4));
    refused(
        FailureCause.CONFIG,
        "short_seq_prob is 0.1",
        () ->
            InverseClozeDataset.open(
                source,
                titles,
                0,
                2,
                new SentenceSamplesRequest(1, 0, 12, 0.1, 0.1, 7),
                false,
                VOCABULARY,
                new IndexCache(folder)));
  }

  @Test
  void whatDoesNotFitIsRefused() {
    MappingRequest request = new MappingRequest(1, 0, 20, 0, 1, 2);
    refused(FailureCause.DATA, "1 titles are given for 6", () -> open(0, 6, request, 2));
    refused(
        FailureCause.DATA,
        "documents 3 to 5 give no block",
        () -> open(3, 5, request, 2, 2, 2, 2, 2, 2));
    refused(
        FailureCause.CONFIG,
        "a title of 6 tokens leaves no room in a sample of 8",
        () ->
            new InverseClozeBuilder(VOCABULARY, 8, 1)
                .build(List.of(new int[1]), new int[6], new PythonRandom(1)));
    assertThrows(
        IllegalArgumentException.class,
        () -> open(0, 6, new MappingRequest(1, 0, 20, 0.1, 1, 2), 2, 2, 2, 2, 2, 2));
  }

  private BlockMapping open(long from, long to, MappingRequest request, int... titles)
      throws IOException {
    return BlockMapping.open(
        CountedSentences.of(STARTS, LENGTHS),
        new CountedTokens(titles),
        from,
        to,
        request,
        new IndexCache(folder));
  }

  private static String rows(BlockMapping mapping) {
    StringBuilder rows = new StringBuilder();
    for (int i = 0; i < mapping.samples(); i++) {
      rows.append(
          "(%d,%d,%d,%d)"
              .formatted(mapping.first(i), mapping.end(i), mapping.document(i), mapping.block(i)));
    }
    return rows.toString();
  }

  private static void refused(
      FailureCause cause, String part, org.junit.jupiter.api.function.Executable call) {
    PawlException refused = assertThrows(PawlException.class, call);
    assertEquals(cause, refused.failureCause());
    assertTrue(refused.getMessage().contains(part), refused.getMessage());
  }
}
