package dev.pawl.model.dataset.megatron;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pawl.model.config.Split;
import dev.pawl.model.config.WeightedPrefix;
import dev.pawl.model.dataset.TokenBuffer;
import dev.pawl.model.dataset.TokenType;
import dev.pawl.model.dataset.megatron.MegatronData.Part;
import dev.pawl.model.dataset.megatron.MegatronData.WeightedDocuments;
import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The golden blend of megatron.md 3.7, data paths, and parts by ratio. */
class BlendTest {
  @TempDir private Path folder = Path.of("");

  @Test
  void blendIsThePublishedOne() throws IOException {
    BlendedDataset blend = blend(12, new double[] {.5, .3, .2}, 9, 9, 9);
    assertArrayEquals(
        new int[] {0, 1, 2, 0, 1, 0, 2, 0, 1, 0, 0, 1},
        IntStream.range(0, 12).map(blend::dataset).toArray());
    assertArrayEquals(
        new long[] {0, 0, 0, 1, 1, 2, 1, 3, 2, 4, 5, 3},
        LongStream.range(0, 12).map(blend::sampleOfDataset).toArray());
    int[] ids = new int[1];
    blend.read(10, ids);
    assertEquals(5, ids[0]);
  }

  @Test
  void weightsNeedNoCommonScale() throws IOException {
    BlendedDataset blend = blend(12, new double[] {5, 3, 2}, 9, 9, 9);
    assertEquals(
        "0 1 2 0 1 0 2 0 1 0 0 1",
        String.join(
            " ",
            IntStream.range(0, 12).mapToObj(i -> Integer.toString(blend.dataset(i))).toList()));
  }

  @Test
  void requestsAreRoundedUp() {
    assertEquals(504, Weights.request(1002, 0.5));
    assertEquals(2, Weights.request(1, 1));
    assertEquals(0, Weights.request(1, 0));
  }

  @Test
  void aDatasetThatRunsOutIsRefused() {
    PawlException refused =
        assertThrows(PawlException.class, () -> blend(12, new double[] {1, 1}, 6, 5));
    assertTrue(refused.getMessage().contains("dataset 1 of the blend has 5 samples"));
  }

  @Test
  void weightsThatDoNotMatchAreRefused() {
    refused("2 weights are given for 3 datasets", () -> blend(3, new double[] {1, 1}, 9, 9, 9));
    refused("3 entries", () -> WeightedPrefix.parse(List.of("1", "a", "b")));
    refused("0 entries", () -> WeightedPrefix.parse(List.of()));
    refused("'a' is not a weight", () -> WeightedPrefix.parse(List.of("a", "1")));
    refused("weight -1", () -> WeightedPrefix.parse(List.of("-1", "a")));
    refused("add up to 0", () -> blend(3, new double[] {0, 0}, 9, 9));
    refused("254", () -> blend(3, new double[255], new int[255]));
  }

  @Test
  void dataPathsAndListsAreRead() throws IOException {
    assertEquals(
        List.of(new WeightedPrefix(1, "a_document", "")),
        WeightedPrefix.parse(List.of("a_document.bin")));
    List<WeightedPrefix> found = WeightedPrefix.parse(List.of("0.3", "a", "7", "b"));
    assertEquals(List.of(new WeightedPrefix(0.3, "a", ""), new WeightedPrefix(7, "b", "")), found);
    Path list = folder.resolve("list.txt");
    Files.writeString(list, "0.25 /d/wiki-1.bin wiki\n\n 0.75\t/d/books-1 books \n");
    assertEquals(
        List.of(
            new WeightedPrefix(0.25, "/d/wiki-1", "wiki"),
            new WeightedPrefix(0.75, "/d/books-1", "books")),
        WeightedPrefix.readList(list));
    Files.writeString(list, "0.25 /d/wiki-1.bin wiki\n0.75 /d/books-1\n");
    refused("list.txt:2", () -> WeightedPrefix.readList(list));
    Files.writeString(list, "\n");
    refused("lists no dataset", () -> WeightedPrefix.readList(list));
  }

  @Test
  void partsComeFromTheirOwnDocuments() throws IOException {
    MegatronData data = data("8,1,1", new int[][] {new int[10], new int[20]});
    TokenSamples train = data.required(Part.TRAIN, 40);
    // ceil(40 * 1.005 / 3) + ceil(80 * 1.005 / 3)
    assertEquals(14 + 27, train.samples());
    TokenSamples valid = data.required(Part.VALID, 0);
    // One epoch of one and of two documents of ten tokens: (10-1)/4 + (20-1)/4.
    assertEquals(2 + 4, valid.samples());
    int[] ids = new int[5];
    for (long k = 0; k < valid.samples(); k++) {
      valid.read(k, ids);
      int document = ids[0] / 10;
      assertTrue(document == 8 || document == 16 || document == 17, Arrays.toString(ids));
    }
  }

  @Test
  void aDatasetWithoutDocumentsInAPartIsLeftOut() throws IOException {
    MegatronData data = data("8,1,1", new int[][] {new int[2], new int[20]});
    TokenSamples valid = data.required(Part.VALID, 6);
    assertTrue(valid instanceof GptDataset, valid.toString());
    assertTrue(valid.samples() >= 6);
  }

  @Test
  void aSplitThatLeavesNothingIsRefused() throws IOException {
    MegatronData data = data("1,0,0", new int[][] {new int[4], new int[3]});
    assertTrue(data.part(Part.VALID, 5).isEmpty());
    PawlException refused = assertThrows(PawlException.class, () -> data.required(Part.VALID, 5));
    assertEquals(FailureCause.DATA, refused.failureCause());
    assertTrue(
        refused.getMessage().contains("leaves no document for valid ([d0 has 4, d1 has 3])"),
        refused.getMessage());
  }

  private MegatronData data(String split, int[][] lengths) {
    List<WeightedDocuments> datasets =
        IntStream.range(0, lengths.length)
            .mapToObj(
                i -> {
                  Arrays.fill(lengths[i], 10);
                  return new WeightedDocuments("d" + i, 1.0 + i, new CountedTokens(lengths[i]));
                })
            .toList();
    return new MegatronData(datasets, Split.parse(split), 4, 1, new IndexCache(folder));
  }

  private BlendedDataset blend(long size, double[] weights, int... samples) throws IOException {
    List<TokenSamples> datasets =
        Arrays.stream(samples).mapToObj(count -> (TokenSamples) new Numbered(count)).toList();
    return BlendedDataset.open(datasets, weights, size, new IndexCache(folder));
  }

  private static void refused(String part, org.junit.jupiter.api.function.Executable call) {
    PawlException refused = assertThrows(PawlException.class, call);
    assertEquals(FailureCause.CONFIG, refused.failureCause());
    assertTrue(refused.getMessage().contains(part), refused.getMessage());
  }

  /** Samples that hold their own number. */
  private record Numbered(long samples) implements TokenSamples {
    @Override
    public int length() {
      return 1;
    }

    @Override
    public TokenType bufferType() {
      return TokenType.INT32;
    }

    @Override
    public void read(long index, TokenBuffer ids, int at, int count) {
      ids.put(at, (int) index);
    }
  }
}
