package dev.pawl.model.dataset.megatron;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pawl.model.dataset.IndexedDataset;
import dev.pawl.model.dataset.IndexedDatasetWriter;
import dev.pawl.model.dataset.SentenceSource;
import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The golden mappings of megatron.md 3.10, their cache, and what is refused. */
class SentenceMappingTest {
  private static final int[] STARTS = {0, 3, 4, 9, 9, 12, 18};
  private static final int[] LENGTHS = {
    10, 20, 5, 30, 8, 8, 8, 8, 8, 600, 3, 4, 6, 7, 8, 9, 10, 11
  };

  @TempDir private Path folder = Path.of("");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1 | 0.1 | (15,18,20)(3,4,20)(0,3,20)(4,7,20)(12,15,20)(7,9,20)",
        "1 | 0.5 | (15,18,20)(3,4,20)(0,3,20)(4,6,11)(12,15,20)(6,9,16)",
        "2 | 0.1 | (4,7,20)(0,3,20)(7,9,20)(15,18,20)(12,15,20)"
      })
  void mappingsAreThePublishedOnes(int minSentences, double probability, String rows)
      throws IOException {
    MappingRequest request = new MappingRequest(100, 5, 20, probability, 1234, minSentences);
    assertEquals(rows, rows(open(sentences(), 0, 6, request)));
  }

  @Test
  void anEpochIsReadToItsEnd() throws IOException {
    assertEquals(5, open(sentences(), 0, 6, new MappingRequest(0, 3, 20, 0, 1, 2)).samples());
    assertEquals(10, open(sentences(), 0, 6, new MappingRequest(0, 6, 20, 0, 1, 2)).samples());
    assertEquals(15, open(sentences(), 0, 6, new MappingRequest(3, 0, 20, 0, 1, 2)).samples());
  }

  @Test
  void aPartKeepsTheNumbersOfTheWhole() throws IOException {
    SentenceMapping part = open(sentences(), 5, 6, new MappingRequest(1, 0, 20, 0, 1, 1));
    assertEquals("(12,15,20)(15,18,20)", sorted(part));
  }

  @Test
  void theCacheTellsDataApart() throws IOException {
    MappingRequest request = new MappingRequest(1, 0, 20, 0.1, 1234, 1);
    SentenceMapping first = open(sentences(), 0, 6, request);
    assertEquals(1, files());
    assertEquals(rows(first), rows(open(sentences(), 0, 6, request)));
    assertEquals(1, files());
    int[] longer = LENGTHS.clone();
    longer[0] = 500;
    open(CountedSentences.of(STARTS, longer), 0, 6, request);
    int[] moved = STARTS.clone();
    moved[1] = 2;
    open(CountedSentences.of(moved, LENGTHS), 0, 6, request);
    open(sentences(), 0, 5, request);
    open(sentences(), 0, 6, new MappingRequest(1, 0, 20, 0.1, 1235, 1));
    assertEquals(5, files());
  }

  @Test
  void aDatasetOnDiskIsMapped() throws IOException {
    Path prefix = folder.resolve("d");
    write(prefix);
    try (IndexedDataset dataset = IndexedDataset.open(prefix)) {
      MappingRequest request = new MappingRequest(100, 5, 20, 0.1, 1234, 2);
      assertEquals(
          "(4,7,20)(0,3,20)(7,9,20)(15,18,20)(12,15,20)", rows(open(dataset, 0, 6, request)));
    }
  }

  @Test
  void theReferencesFileIsNamed() {
    assertEquals(
        "my_text_sentence_train_indexmap_5mns_20msl_0.10ssp_1234s.npy",
        new MappingRequest(0, 5, 20, 0.1, 1234, 2).referenceFile("my_text_sentence", "train"));
    assertEquals(
        "d_valid_indexmap_3ep_7mns_509msl_0.12ssp_1s.npy",
        new MappingRequest(3, 7, 509, 0.125, 1, 2).referenceFile("d", "valid"));
  }

  @Test
  void whatCannotBeMappedIsRefused() {
    refused("0 epochs and 0 samples", () -> new MappingRequest(0, 0, 20, 0.1, 1, 1));
    refused("at most 1 tokens", () -> new MappingRequest(0, 1, 1, 0.1, 1, 1));
    refused("short_seq_prob 1.5", () -> new MappingRequest(0, 1, 20, 1.5, 1, 1));
    refused("short_seq_prob NaN", () -> new MappingRequest(0, 1, 20, Double.NaN, 1, 1));
    refused("short_seq_prob 1.0E-12", () -> new MappingRequest(0, 1, 20, 1e-12, 1, 1));
    refused("seed 2147483647", () -> new MappingRequest(0, 1, 20, 0.1, Integer.MAX_VALUE, 1));
    // A document without sentences, and one with a long sentence.
    PawlException refused =
        assertThrows(
            PawlException.class,
            () -> open(sentences(), 3, 5, new MappingRequest(0, 1, 20, 0.1, 1, 1)));
    assertEquals(FailureCause.DATA, refused.failureCause());
    assertTrue(refused.getMessage().contains("documents 3 to 5 give no sample"));
    assertThrows(
        IndexOutOfBoundsException.class,
        () -> open(sentences(), 0, 7, new MappingRequest(0, 1, 20, 0.1, 1, 1)));
  }

  private static void refused(String part, org.junit.jupiter.api.function.Executable call) {
    PawlException refused = assertThrows(PawlException.class, call);
    assertEquals(FailureCause.CONFIG, refused.failureCause());
    assertTrue(refused.getMessage().contains(part), refused.getMessage());
  }

  private static CountedSentences sentences() {
    return CountedSentences.of(STARTS, LENGTHS);
  }

  private SentenceMapping open(SentenceSource source, long from, long to, MappingRequest request)
      throws IOException {
    return SentenceMapping.open(source, from, to, request, new IndexCache(folder));
  }

  private static String rows(SentenceMapping mapping) {
    return String.join("", list(mapping));
  }

  private static String sorted(SentenceMapping mapping) {
    return String.join("", list(mapping).stream().sorted().toList());
  }

  private static List<String> list(SentenceMapping mapping) {
    return Stream.iterate(0L, i -> i + 1)
        .limit(mapping.samples())
        .map(i -> "(%d,%d,%d)".formatted(mapping.first(i), mapping.end(i), mapping.target(i)))
        .toList();
  }

  private long files() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith("_sentence_idx.npy")).count();
    }
  }

  private static void write(Path prefix) throws IOException {
    try (IndexedDatasetWriter writer = new IndexedDatasetWriter(prefix, 30_000)) {
      for (int document = 0; document < STARTS.length - 1; document++) {
        for (int i = STARTS[document]; i < STARTS[document + 1]; i++) {
          writer.sequence(new int[LENGTHS[i]]);
        }
        writer.endDocument();
      }
      writer.finish();
    }
  }
}
