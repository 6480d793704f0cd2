package dev.pawl.model.dataset;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.pawl.model.failure.PawlException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The worked example and the random streams of block-transformer.md 4 and 5.5. */
class PackedCorpusTest {
  @TempDir Path folder;

  @BeforeEach
  void write() throws IOException {
    try (IndexedDatasetWriter writer = new IndexedDatasetWriter(folder.resolve("d"), 1000)) {
      int token = 100;
      for (int length : new int[] {5, 3, 9, 1, 0, 7}) {
        writer.sequence(IntStream.range(token, token + length).toArray());
        writer.endDocument();
        token += length;
      }
      writer.finish();
    }
  }

  @Test
  void paddedSamplesAreThoseOfTheWorkedExample() throws IOException {
    try (IndexedDataset dataset = IndexedDataset.open(folder.resolve("d"))) {
      PackedCorpus corpus = new PackedCorpus(dataset, new PackingConfig(8, 4, true, true, 42), 0);
      assertEquals(6, corpus.samples());
      sample(corpus, 0, "0 0 100 101 102 103 104 0", "0 0 1 1 1 1 1 1");
      sample(corpus, 1, "0 105 106 107 0 0 0 0", "0 1 1 1 1 0 0 0");
      sample(corpus, 2, "0 0 0 108 109 110 111 112", "0 0 0 1 1 1 1 1");
      sample(corpus, 3, "113 114 115 116 0 0 0 0", "1 1 1 1 1 0 0 0");
      sample(corpus, 4, "0 0 117 0 0 0 0 0", "0 0 1 0 1 0 0 0");
      sample(corpus, 5, "0 0 118 119 120 121 122 123", "0 0 1 1 1 1 1 1");
    }
  }

  @Test
  void vanillaSamplesHaveNoPadding() throws IOException {
    try (IndexedDataset dataset = IndexedDataset.open(folder.resolve("d"))) {
      PackedCorpus corpus = new PackedCorpus(dataset, new PackingConfig(8, 1, false, false, 42), 0);
      assertEquals(3, corpus.samples());
      sample(corpus, 0, "100 101 102 103 104 0 105 106", "1 1 1 1 1 1 1 1");
    }
  }

  @Test
  void tooLittleTextIsRefused() throws IOException {
    try (IndexedDataset dataset = IndexedDataset.open(folder.resolve("d"))) {
      PackingConfig config = new PackingConfig(64, 1, false, false, 42);
      assertThrows(PawlException.class, () -> new PackedCorpus(dataset, config, 0));
    }
  }

  @Test
  void leftPadsAreThePublishedStream() {
    pads(2, "0 1 1 0 0 0 0 1 0 1 1 1");
    pads(4, "2 1 3 2 0 2 2 1 2 3 3 1");
    pads(8, "6 1 3 2 4 2 6 5 2 3 7 1");
    pads(1, "0 0 0");
  }

  @Test
  void epochsVisitThePublishedPermutations() {
    SampleOrder order = new SampleOrder(42, 10);
    long[] found = IntStream.range(0, 20).mapToLong(order::at).toArray();
    assertArrayEquals(
        new long[] {2, 6, 1, 8, 4, 5, 0, 9, 3, 7, 8, 4, 9, 0, 5, 1, 6, 7, 2, 3}, found);
    assertEquals(2, order.at(0));
  }

  @Test
  void permutationsAreThoseOfTheCyclicLoader() {
    permutation(0, "4 0 7 3 2 5 1 6");
    permutation(1, "5 4 2 6 7 3 1 0");
    permutation(1234, "7 5 2 3 4 6 1 0");
  }

  private static void permutation(long seed, String expected) {
    SampleOrder order = new SampleOrder(seed, 8);
    assertArrayEquals(
        numbers(expected), IntStream.range(0, 8).map(i -> (int) order.at(i)).toArray());
  }

  private static void pads(int blockLength, String expected) {
    LeftPads stream = new LeftPads(42, blockLength);
    int[] wanted = numbers(expected);
    assertArrayEquals(wanted, IntStream.range(0, wanted.length).map(i -> stream.next()).toArray());
  }

  private static void sample(PackedCorpus corpus, long index, String ids, String mask) {
    int[] foundIds = new int[8];
    byte[] foundMask = new byte[8];
    corpus.sample(index, foundIds, foundMask);
    assertArrayEquals(numbers(ids), foundIds);
    int[] wide = new int[8];
    for (int i = 0; i < 8; i++) {
      wide[i] = foundMask[i];
    }
    assertArrayEquals(numbers(mask), wide);
  }

  private static int[] numbers(String text) {
    return java.util.Arrays.stream(text.split(" ", -1)).mapToInt(Integer::parseInt).toArray();
  }
}
