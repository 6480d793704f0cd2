package dev.pawl.model.dataset.megatron;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pawl.model.dataset.DocumentSource;
import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The golden indices of megatron.md 3.5 and 3.6, and what holds for any lengths. */
class GptDatasetTest {
  private static final int[] LENGTHS = {5, 3, 7, 2, 9, 4, 6, 1};

  @TempDir private Path folder = Path.of("");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "8 | 1 | 2 1 6 0 4 5 3 7 | 6 4 0 5 3 2 8 7 1",
        "12 | 2 | 2 1 6 0 4 5 3 7 5 0 3 4 2 6 1 7 | 7 3 5 1 4 8 0 2 6 16 13 10 14 12 9 11 17 15",
        "17 | 2 | 5 3 0 4 6 2 2 7 1 1 0 4 5 6 3 7 | 7 10 4 1 11 8 3 14 13 12 17 15 2 6 9 0 5 16"
      })
  void indicesAreThePublishedOnes(long samples, long epochs, String documents, String shuffle)
      throws IOException {
    GptDataset dataset = open(LENGTHS, samples, 4);
    assertEquals(epochs, dataset.epochs());
    assertEquals(documents, index("doc_idx"));
    assertEquals(shuffle, index("shuffle_idx"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "8 | 0 0 0 4 1 1 2 2 3 0 3 4 4 3 4 7 5 2 7 0",
        "12 | 0 0 0 4 1 1 2 2 3 0 3 4 4 3 4 7 5 2 7 0 8 3 9 3 11 0 11 4 11 8 12 3 13 0 13 4 14 2"
      })
  void sampleIndexIsThePublishedOne(long samples, String rows) throws IOException {
    open(LENGTHS, samples, 4);
    assertEquals(rows, index("sample_idx"));
  }

  @Test
  void filesBeginAsNumpyWritesThem() throws IOException {
    open(LENGTHS, 8, 4);
    String head = "{'descr': '<i4', 'fortran_order': False, 'shape': (10, 2), }";
    byte[] bytes = Files.readAllBytes(file("sample_idx"));
    assertEquals(128 + 80, bytes.length);
    assertArrayEquals(
        new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, 118, 0}, Arrays.copyOf(bytes, 10));
    String text = new String(bytes, 10, 118, java.nio.charset.StandardCharsets.US_ASCII);
    assertEquals(head + " ".repeat(117 - head.length()) + "\n", text);
  }

  @Test
  void keysAreThePublishedOnes() {
    GptIndexRequest request =
        new GptIndexRequest("my-gpt2_text_document", "train", 8, 4, 1234, "949,50,1");
    assertEquals(
        "1da5c4cceebf345b91714f6f7f010e3c",
        GptIndexRequest.key(request.description(GptIndexRequest.Profile.N23, 1)));
    assertEquals(
        "35c55e187e03be65292b4817771ff996",
        GptIndexRequest.key(request.description(GptIndexRequest.Profile.MDS, 1)));
  }

  @Test
  void anEpochCoversItsTokensWithOneInCommon() throws IOException {
    Random random = new Random(7);
    for (int round = 0; round < 60; round++) {
      int[] lengths = random.ints(1 + random.nextInt(30), 0, 20).toArray();
      int length = 1 + random.nextInt(12);
      long tokens = Arrays.stream(lengths).asLongStream().sum();
      if (tokens <= length) {
        continue;
      }
      Path cache = folder.resolve("round" + round);
      long wanted = random.nextInt((int) (3 * tokens / length) + 1);
      GptDataset dataset = open(lengths, wanted, length, cache);
      assertTrue(dataset.samples() >= wanted);
      int[] stream = stream(lengths, numbers(find(cache, "doc_idx")));
      long[] shuffle = numbers(find(cache, "shuffle_idx"));
      assertEquals((stream.length - 1) / length, dataset.samples());
      int[] ids = new int[length + 1];
      for (int k = 0; k < shuffle.length; k++) {
        dataset.read(k, ids);
        int from = (int) shuffle[k] * length;
        assertArrayEquals(Arrays.copyOfRange(stream, from, from + length + 1), ids);
      }
      assertArrayEquals(
          LongStream.range(0, shuffle.length).toArray(), Arrays.stream(shuffle).sorted().toArray());
    }
  }

  @Test
  void tooFewTokensAreRefused() {
    PawlException refused = assertThrows(PawlException.class, () -> open(new int[] {3, 2}, 1, 5));
    assertEquals(FailureCause.DATA, refused.failureCause());
    assertTrue(refused.getMessage().contains("5 tokens, too few for one sample of 6"));
    assertTrue(refused.getMessage().contains("part train of split 1"), refused.getMessage());
  }

  @Test
  void aSampleBehindTheLastIsRefused() throws IOException {
    GptDataset dataset = open(LENGTHS, 8, 4);
    assertThrows(IndexOutOfBoundsException.class, () -> dataset.read(9, new int[5]));
  }

  private GptDataset open(int[] lengths, long samples, int length) throws IOException {
    return open(lengths, samples, length, folder);
  }

  private static GptDataset open(int[] lengths, long samples, int length, Path cache)
      throws IOException {
    return GptDataset.open(
        new CountedTokens(lengths),
        0,
        lengths.length,
        new GptIndexRequest("d", "train", samples, length, 1234, "1"),
        new IndexCache(cache));
  }

  private Path file(String name) throws IOException {
    return find(folder, name);
  }

  private static Path find(Path cache, String name) throws IOException {
    try (Stream<Path> files = Files.list(cache)) {
      return files
          .filter(file -> file.toString().endsWith("_" + name + ".npy"))
          .findFirst()
          .orElseThrow();
    }
  }

  private String index(String name) throws IOException {
    List<String> numbers = Arrays.stream(numbers(file(name))).mapToObj(Long::toString).toList();
    return String.join(" ", numbers);
  }

  private static long[] numbers(Path file) throws IOException {
    NpyArray array = NpyArray.open(file);
    return LongStream.range(0, array.header().elements()).map(array::get).toArray();
  }

  // Every token of every document, in the order of the document index.
  private static int[] stream(int[] lengths, long[] documents) {
    DocumentSource tokens = new CountedTokens(lengths);
    return Arrays.stream(documents)
        .mapToInt(document -> (int) document)
        .flatMap(
            document -> {
              int[] ids = new int[tokens.length(document)];
              tokens.read(document, 0, ids.length, ids, 0);
              return Arrays.stream(ids);
            })
        .toArray();
  }
}
