package dev.pawl.model.dataset;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Offsets beyond 2 and 4 GiB, in a sparse file of 20 GB that takes next to no room. */
class LargeDatasetTest {
  private static final int SEQUENCE = 1_000_000_000;
  private static final int SEQUENCES = 10;

  @TempDir Path folder;

  @Test
  void tokensAroundEveryBorderPassThroughWriterReaderAndMerge() throws IOException {
    Path big = folder.resolve("big");
    long[] marked = {0, (1L << 30) - 1, 1L << 30, (1L << 31) - 1, 1L << 31, 9_999_999_999L};
    sparse(big, marked);
    try (IndexedDataset dataset = IndexedDataset.open(big)) {
      assertEquals(10_000_000_000L, dataset.tokens());
      assertEquals(9_000_000_000L, dataset.start(9));
      checkMarks(dataset, marked);
    }
    Path small = folder.resolve("small");
    GoldenDatasets.writeA(small);
    Path merged = folder.resolve("merged");
    MergedDataset made = DatasetMerger.merge(List.of(big, small), merged, bytes -> {});
    assertEquals(
        new MergedDataset(2, SEQUENCES + 3, SEQUENCES + 2, 10_000_000_006L, "uint16"), made);
    try (IndexedDataset dataset = IndexedDataset.open(merged)) {
      checkMarks(dataset, marked);
      assertEquals(10_000_000_000L, dataset.start(SEQUENCES));
      assertArrayEquals(
          new int[] {11, 12, 13, 50256, 7, 50256}, dataset.readSequences(SEQUENCES, SEQUENCES + 2));
    }
    assertTrue(blocks(folder.resolve("merged.bin")) < 64 << 20, "the merge filled the holes");
  }

  private void sparse(Path prefix, long[] marked) throws IOException {
    Path bin = IndexedDataset.file(prefix, ".bin");
    try (FileChannel channel =
        FileChannel.open(bin, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      for (long token : marked) {
        channel.write(
            ByteBuffer.allocate(2).order(ByteOrder.LITTLE_ENDIAN).putShort(0, mark(token)),
            2 * token);
      }
    }
    assumeTrue(
        blocks(bin) < 64 << 20, "skipped: the file system of " + folder + " has no sparse files");
    Path index = IndexedDataset.file(prefix, ".idx");
    try (IndexSpool spool = new IndexSpool(index)) {
      for (int i = 0; i < SEQUENCES; i++) {
        spool.sequence(SEQUENCE);
        spool.endDocument();
      }
      Files.move(spool.write(TokenType.UINT16), index);
    }
  }

  private static void checkMarks(IndexedDataset dataset, long[] marked) {
    int[] read = new int[1];
    for (long token : marked) {
      dataset.read((int) (token / SEQUENCE), (int) (token % SEQUENCE), 1, read, 0);
      assertEquals(mark(token) & 0xffff, read[0], "token " + token);
    }
    // Across the border of two mapped segments, and a hole beside it.
    int[] across = new int[4];
    long border = (1L << 31) - 2;
    dataset.read((int) (border / SEQUENCE), (int) (border % SEQUENCE), 4, across, 0);
    assertArrayEquals(
        new int[] {0, mark((1L << 31) - 1) & 0xffff, mark(1L << 31) & 0xffff, 0}, across);
  }

  private static short mark(long token) {
    return (short) (token % 65_521 + 7);
  }

  /** Bytes that a file really takes. */
  private static long blocks(Path file) throws IOException {
    Process du = new ProcessBuilder("du", "-k", file.toString()).start();
    String text =
        new String(du.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    return 1024 * Long.parseLong(text.split("\\s", -1)[0]);
  }
}
