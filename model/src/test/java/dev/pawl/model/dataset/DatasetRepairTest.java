package dev.pawl.model.dataset;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The append-EOD length defect of megatron.md 2.5 with its golden numbers. */
class DatasetRepairTest {
  private static final int EOD = 50256;

  @TempDir Path folder;

  @Test
  void defectiveGoldenFileIsNamedAndMended() throws IOException {
    Path bad = folder.resolve("bad");
    defective(bad, List.of(List.of(new int[] {11, 12, 13}), List.of(new int[] {7})));
    assertEquals(12, Files.size(folder.resolve("bad.bin")));
    DatasetReport report = inspect(bad);
    assertEquals(DatasetStatus.EOD_LENGTH_DEFECT, report.status());
    String message = assertThrows(PawlException.class, () -> IndexedDataset.open(bad)).getMessage();
    assertTrue(message.contains("EOD_LENGTH_DEFECT") && message.contains("repair"), message);

    RepairedDataset done = DatasetRepair.repair(bad, OptionalInt.of(EOD));
    assertEquals(new RepairedDataset(2, EOD), done);
    try (IndexedDataset mended = IndexedDataset.open(bad)) {
      assertArrayEquals(new int[] {11, 12, 13, EOD}, mended.readSequences(0, 1));
      assertArrayEquals(new int[] {7, EOD}, mended.readSequences(1, 2));
    }
    assertEquals(0, DatasetRepair.repair(bad, OptionalInt.of(EOD)).documents());
  }

  @Test
  void repairGivesTheBytesOfARightRun() throws IOException {
    SplittableRandom random = new SplittableRandom(7);
    List<List<int[]>> all = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      List<int[]> document = new ArrayList<>();
      for (int s = random.nextInt(4); s > 0; s--) {
        document.add(random.ints(1 + random.nextInt(30), 0, EOD).toArray());
      }
      all.add(document);
    }
    Path right = folder.resolve("right");
    right(right, all);
    Path bad = folder.resolve("bad");
    defective(bad, all);
    DatasetRepair.repair(bad, OptionalInt.empty());
    assertEquals(-1, Files.mismatch(folder.resolve("right.idx"), folder.resolve("bad.idx")));
    assertEquals(-1, Files.mismatch(folder.resolve("right.bin"), folder.resolve("bad.bin")));
  }

  @Test
  void anotherEndTokenOrAnotherDamageIsRefusedAndNothingChanges() throws IOException {
    Path bad = folder.resolve("bad");
    defective(bad, List.of(List.of(new int[] {11, 12, 13}), List.of(new int[] {7})));
    byte[] before = Files.readAllBytes(folder.resolve("bad.idx"));
    String message =
        assertThrows(PawlException.class, () -> DatasetRepair.repair(bad, OptionalInt.of(0)))
            .getMessage();
    assertTrue(message.contains("end with token 50256"), message);
    Files.write(folder.resolve("bad.bin"), new byte[10]);
    message =
        assertThrows(PawlException.class, () -> DatasetRepair.repair(bad, OptionalInt.of(EOD)))
            .getMessage();
    assertTrue(message.contains("another damage"), message);
    assertArrayEquals(before, Files.readAllBytes(folder.resolve("bad.idx")));
  }

  @Test
  void oneDocumentDoesNotTellItsEndToken() throws IOException {
    Path bad = folder.resolve("bad");
    defective(bad, List.of(List.of(new int[] {11, 12, 13})));
    PawlException refused =
        assertThrows(PawlException.class, () -> DatasetRepair.repair(bad, OptionalInt.empty()));
    assertEquals(FailureCause.CONFIG, refused.failureCause());
  }

  private static DatasetReport inspect(Path prefix) throws IOException {
    return DatasetInspector.inspect(prefix, false, OptionalInt.empty(), bytes -> {});
  }

  private static void right(Path prefix, List<List<int[]>> documents) throws IOException {
    try (IndexedDatasetWriter writer = new IndexedDatasetWriter(prefix, EOD + 1)) {
      for (List<int[]> document : documents) {
        for (int i = 0; i < document.size(); i++) {
          writer.sequence(i == document.size() - 1 ? withEnd(document.get(i)) : document.get(i));
        }
        writer.endDocument();
      }
      writer.finish();
    }
  }

  // As the defective program: the tokens of the right run, the lengths without end-of-text.
  private static void defective(Path prefix, List<List<int[]>> documents) throws IOException {
    Path tokens = prefix.resolveSibling("tokens");
    right(tokens, documents);
    Files.move(IndexedDataset.file(tokens, ".bin"), IndexedDataset.file(prefix, ".bin"));
    Files.delete(IndexedDataset.file(tokens, ".idx"));
    Path index = IndexedDataset.file(prefix, ".idx");
    try (IndexSpool spool = new IndexSpool(index)) {
      for (List<int[]> document : documents) {
        for (int[] sequence : document) {
          spool.sequence(sequence.length);
        }
        spool.endDocument();
      }
      Files.move(spool.write(TokenType.UINT16), index);
    }
  }

  private static int[] withEnd(int[] ids) {
    int[] longer = java.util.Arrays.copyOf(ids, ids.length + 1);
    longer[ids.length] = EOD;
    return longer;
  }
}
