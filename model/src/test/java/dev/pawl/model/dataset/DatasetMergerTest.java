package dev.pawl.model.dataset;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pawl.model.failure.BusyException;
import dev.pawl.model.failure.PawlException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The merge of megatron.md 1.5 with its golden files, and what it refuses. */
class DatasetMergerTest {
  @TempDir Path folder;
  private Path a;
  private Path b;

  @BeforeEach
  void write() throws IOException {
    a = folder.resolve("a");
    b = folder.resolve("b");
    GoldenDatasets.writeA(a);
    GoldenDatasets.writeB(b);
  }

  @Test
  void mergeOfTheGoldenFilesIsTheGoldenFile() throws IOException {
    MergedDataset made = DatasetMerger.merge(List.of(a, b), folder.resolve("ab"), bytes -> {});
    assertEquals(new MergedDataset(2, 4, 4, 9, "uint16"), made);
    assertEquals(
        GoldenDatasets.A_BIN + GoldenDatasets.B_BIN, GoldenDatasets.hex(folder.resolve("ab.bin")));
    ByteBuffer index = ByteBuffer.allocate(122).order(ByteOrder.LITTLE_ENDIAN);
    index.put(new byte[] {'M', 'M', 'I', 'D', 'I', 'D', 'X', 0, 0}).putLong(1).put((byte) 8);
    index.putLong(4).putLong(5).putInt(4).putInt(2).putInt(1).putInt(2);
    Stream.of(0L, 8L, 12L, 14L, 0L, 1L, 1L, 2L, 4L).forEach(index::putLong);
    assertEquals(0, index.remaining());
    assertArrayEquals(index.array(), Files.readAllBytes(folder.resolve("ab.idx")));
  }

  @Test
  void mergingIsAssociative() throws IOException {
    DatasetMerger.merge(List.of(a, b), folder.resolve("ab"), bytes -> {});
    DatasetMerger.merge(List.of(folder.resolve("ab"), a), folder.resolve("ab_a"), bytes -> {});
    DatasetMerger.merge(List.of(b, a), folder.resolve("ba"), bytes -> {});
    DatasetMerger.merge(List.of(a, folder.resolve("ba")), folder.resolve("a_ba"), bytes -> {});
    for (String ending : List.of(".bin", ".idx")) {
      assertEquals(
          -1, Files.mismatch(folder.resolve("ab_a" + ending), folder.resolve("a_ba" + ending)));
    }
  }

  @Test
  void folderIsTakenInCodePointOrderAndStrayFilesAreRefused() throws IOException {
    Path parts = Files.createDirectory(folder.resolve("parts"));
    for (String name : List.of("part_2", "part_10", "part_1")) {
      GoldenDatasets.writeB(parts.resolve(name));
    }
    assertEquals(
        List.of(parts.resolve("part_1"), parts.resolve("part_10"), parts.resolve("part_2")),
        DatasetMerger.prefixes(parts));
    Files.writeString(parts.resolve("notes.txt"), "");
    String message =
        assertThrows(PawlException.class, () -> DatasetMerger.prefixes(parts)).getMessage();
    assertTrue(message.contains("notes.txt has no notes.idx"), message);
    Files.delete(parts.resolve("notes.txt"));
    Files.delete(parts.resolve("part_2.bin"));
    message = assertThrows(PawlException.class, () -> DatasetMerger.prefixes(parts)).getMessage();
    assertTrue(message.contains("part_2.idx has no part_2.bin"), message);
  }

  @Test
  void anotherElementTypeIsRefusedAndLeavesNothing() throws IOException {
    Path wide = folder.resolve("wide");
    try (IndexedDatasetWriter writer = new IndexedDatasetWriter(wide, 200_000)) {
      writer.document(new int[] {128_000, 5});
      writer.finish();
    }
    Path output = folder.resolve("out");
    String message =
        assertThrows(
                PawlException.class,
                () -> DatasetMerger.merge(List.of(a, wide), output, bytes -> {}))
            .getMessage();
    assertTrue(message.contains("wide.bin holds int32") && message.contains("uint16"), message);
    try (Stream<Path> files = Files.list(folder)) {
      assertFalse(files.anyMatch(file -> file.getFileName().toString().startsWith("out")));
    }
  }

  @Test
  void mergeWithoutTokensIsRefused() throws IOException {
    Path empty = folder.resolve("empty");
    try (IndexedDatasetWriter writer = new IndexedDatasetWriter(empty, 100)) {
      writer.document(new int[] {});
      writer.finish();
    }
    String message =
        assertThrows(
                PawlException.class,
                () -> DatasetMerger.merge(List.of(empty), folder.resolve("out"), bytes -> {}))
            .getMessage();
    assertTrue(message.contains("hold no token"), message);
    MergedDataset kept = DatasetMerger.merge(List.of(empty, a), folder.resolve("out"), bytes -> {});
    assertEquals(new MergedDataset(2, 4, 2, 6, "uint16"), kept);
  }

  @Test
  void outputThatExistsOrIsBeingWrittenIsRefused() throws IOException {
    Path output = folder.resolve("out");
    try (OutputLock held = OutputLock.take(output)) {
      String message =
          assertThrows(
                  BusyException.class, () -> DatasetMerger.merge(List.of(a), output, bytes -> {}))
              .getMessage();
      assertTrue(message.contains("out is being written"), message);
      held.requireHeld();
    }
    assertFalse(Files.exists(folder.resolve("out.lock")));
    DatasetMerger.merge(List.of(a), output, bytes -> {});
    String message =
        assertThrows(
                BusyException.class, () -> DatasetMerger.merge(List.of(b), output, bytes -> {}))
            .getMessage();
    assertTrue(message.contains("out.bin exists"), message);
    assertEquals(GoldenDatasets.A_BIN, GoldenDatasets.hex(folder.resolve("out.bin")));
  }
}
