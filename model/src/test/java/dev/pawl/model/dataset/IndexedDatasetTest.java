package dev.pawl.model.dataset;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pawl.model.failure.PawlException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The golden files of megatron.md 1.7, and what is refused. */
class IndexedDatasetTest {
  @TempDir Path folder;

  @Test
  void documentsWithAnEmptyOneAreTheGoldenBytes() throws IOException {
    Path prefix = goldenA();
    assertEquals("0b000c000d0050c4070050c4", hex(".bin"));
    assertEquals(
        "4d4d494449445800000100000000000000080200000000000000040000000000000004000000020000000000000000"
            + "000000080000000000000000000000000000000100000000000000010000000000000002"
            + "00000000000000",
        hex(".idx"));
    try (IndexedDataset dataset = IndexedDataset.open(prefix)) {
      assertEquals(6, dataset.tokens());
      int[] read = new int[3];
      dataset.read(0, 1, 3, read, 0);
      assertArrayEquals(new int[] {12, 13, 50256}, read);
      assertEquals(50256, dataset.maxToken());
    }
  }

  @Test
  void sentencesOfOneDocumentAreTheGoldenBytes() throws IOException {
    try (IndexedDatasetWriter writer = new IndexedDatasetWriter(folder.resolve("a"), 100)) {
      writer.sequence(new int[] {1});
      writer.sequence(new int[] {2, 3});
      writer.endDocument();
      writer.finish();
    }
    assertEquals("010002000300", hex(".bin"));
    assertEquals(
        "4d4d49444944580000010000000000000008020000000000000002000000000000000100000002000000"
            + "000000000000000002000000000000000000000000000000"
            + "0200000000000000",
        hex(".idx"));
  }

  @Test
  void largeVocabularyTakesThirtyTwoBits() throws IOException {
    try (IndexedDatasetWriter writer = new IndexedDatasetWriter(folder.resolve("a"), 200_000)) {
      writer.document(new int[] {128_000, 5});
      writer.finish();
    }
    assertEquals("00f4010005000000", hex(".bin"));
    assertEquals(62, Files.size(folder.resolve("a.idx")));
  }

  @Test
  void everyDamagedIndexIsRefusedByName() throws IOException {
    Path prefix = goldenA();
    byte[] index = Files.readAllBytes(folder.resolve("a.idx"));
    refused(prefix, index, 0, (byte) 'X', "does not begin with MMIDIDX");
    refused(prefix, index, 9, (byte) 2, "version 2");
    refused(prefix, index, 17, (byte) 6, "dtype code 6");
    refused(prefix, index, 18, (byte) 3, "has 90 bytes");
    refused(prefix, index, 34, (byte) 5, "points sequence 1");
    refused(prefix, index, 66, (byte) 9, "document entry");
    Files.write(folder.resolve("a.idx"), java.util.Arrays.copyOf(index, 20));
    assertTrue(
        assertThrows(PawlException.class, () -> IndexedDataset.open(prefix))
            .getMessage()
            .contains("inside its header"));
  }

  @Test
  void truncatedTokensAreRefused() throws IOException {
    Path prefix = goldenA();
    Files.write(folder.resolve("a.bin"), new byte[10]);
    String message =
        assertThrows(PawlException.class, () -> IndexedDataset.open(prefix)).getMessage();
    assertTrue(message.contains("a.bin has 10 bytes, its index accounts for 12"), message);
  }

  @Test
  void unfinishedWriterLeavesNothing() throws IOException {
    try (IndexedDatasetWriter writer = new IndexedDatasetWriter(folder.resolve("a"), 10)) {
      assertThrows(PawlException.class, () -> writer.document(new int[] {10}));
    }
    try (var files = Files.list(folder)) {
      assertFalse(files.findAny().isPresent());
    }
  }

  private Path goldenA() throws IOException {
    Path prefix = folder.resolve("a");
    try (IndexedDatasetWriter writer = new IndexedDatasetWriter(prefix, 50257)) {
      writer.document(new int[] {11, 12, 13, 50256});
      writer.document(new int[] {});
      writer.document(new int[] {7, 50256});
      writer.finish();
    }
    return prefix;
  }

  private void refused(Path prefix, byte[] index, int at, byte value, String expected)
      throws IOException {
    byte[] damaged = index.clone();
    damaged[at] = value;
    Files.write(folder.resolve("a.idx"), damaged);
    String message =
        assertThrows(PawlException.class, () -> IndexedDataset.open(prefix)).getMessage();
    assertTrue(message.contains(expected) && message.contains("a.idx"), message);
  }

  private String hex(String ending) throws IOException {
    return HexFormat.of().formatHex(Files.readAllBytes(folder.resolve("a" + ending)));
  }
}
