package dev.pawl.model.dataset;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pawl.model.failure.PawlException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DatasetInspectorTest {
  @TempDir Path folder;

  @Test
  void goldenDatasetIsDescribed() throws IOException {
    Path a = folder.resolve("a");
    GoldenDatasets.writeA(a);
    DatasetReport report = inspect(a, OptionalInt.of(50257));
    assertEquals(DatasetStatus.SOUND, report.status());
    assertEquals("uint16", report.type());
    assertEquals(3, report.documents());
    assertEquals(1, report.emptyDocuments());
    assertEquals(2, report.sequences());
    assertEquals(6, report.tokens());
    assertEquals(OptionalInt.of(50256), report.maxToken());
    assertEquals(
        new LengthHistogram(
            2,
            4,
            3.0,
            List.of(new LengthHistogram.Bucket(2, 3, 1), new LengthHistogram.Bucket(4, 7, 1))),
        report.lengths());
    assertEquals(
        Optional.of(FileDigests.of(folder.resolve("a.bin"), bytes -> {}).sha256()),
        report.binSha256());
    assertEquals(
        Optional.of(FileDigests.of(folder.resolve("a.idx"), bytes -> {}).sha256()),
        report.indexSha256());
    assertEquals(List.of(), report.problems());
  }

  @Test
  void idsBeyondTheVocabularyAreCountedAndTheFirstIsPlaced() throws IOException {
    Path a = folder.resolve("a");
    GoldenDatasets.writeA(a);
    DatasetReport report = inspect(a, OptionalInt.of(50256));
    assertEquals(DatasetStatus.DAMAGED, report.status());
    assertTrue(
        report.problems().get(0).contains("2 token ids outside the vocabulary of 50256")
            && report.problems().get(0).contains("token 3 is 50256"),
        report.problems().get(0));
  }

  @Test
  void allProblemsOfAnIndexAreListed() throws IOException {
    Path a = folder.resolve("a");
    GoldenDatasets.writeA(a);
    byte[] index = Files.readAllBytes(folder.resolve("a.idx"));
    index[34 + 8 + 8] = 9;
    index[66] = 9;
    Files.write(folder.resolve("a.idx"), index);
    List<String> problems = inspect(a, OptionalInt.empty()).problems();
    assertTrue(problems.get(0).contains("a.idx points sequence 1 at byte 9"), problems.get(0));
    assertTrue(problems.get(1).contains("document entry 1 = 9"), problems.get(1));
  }

  @Test
  void truncatedAndEmptyDatasetsAreProblems() throws IOException {
    Path a = folder.resolve("a");
    GoldenDatasets.writeA(a);
    Files.write(folder.resolve("a.bin"), new byte[11]);
    DatasetReport report = inspect(a, OptionalInt.empty());
    assertEquals(DatasetStatus.DAMAGED, report.status());
    assertTrue(
        report.problems().get(0).contains("a.bin has 11 bytes, its index accounts for 12"),
        report.problems().get(0));
    Path empty = folder.resolve("empty");
    try (IndexedDatasetWriter writer = new IndexedDatasetWriter(empty, 10)) {
      writer.finish();
    }
    report = inspect(empty, OptionalInt.empty());
    assertEquals(DatasetStatus.EMPTY, report.status());
    assertTrue(report.problems().get(0).contains("holds no token"), report.problems().get(0));
  }

  @Test
  void foreignFilesAreRefusedByName() throws IOException {
    Path a = folder.resolve("a");
    GoldenDatasets.write(a, "00", "544e54494458000001000000000000000400000000000000");
    String message =
        assertThrows(PawlException.class, () -> inspect(a, OptionalInt.empty())).getMessage();
    assertTrue(message.contains("legacy kind TNTIDX"), message);
    // The golden file A with a mode behind each sequence.
    GoldenDatasets.write(a, GoldenDatasets.A_BIN, GoldenDatasets.A_IDX + "0000");
    message = assertThrows(PawlException.class, () -> inspect(a, OptionalInt.empty())).getMessage();
    assertTrue(message.contains("multimodal"), message);
  }

  @ParameterizedTest
  @EnumSource(TokenType.class)
  void everyElementTypeIsReadAsWritten(TokenType type) throws IOException {
    Path prefix = folder.resolve("typed");
    int[] ids = {0, 1, 127, type.highest, type.lowest};
    try (IndexedDatasetWriter writer = new IndexedDatasetWriter(prefix, type)) {
      writer.document(ids);
      writer.finish();
    }
    assertEquals(5L * type.bytes, Files.size(folder.resolve("typed.bin")));
    assertEquals(type.code, Files.readAllBytes(folder.resolve("typed.idx"))[17]);
    try (IndexedDataset dataset = IndexedDataset.open(prefix)) {
      assertEquals(type, dataset.type());
      assertArrayEquals(ids, dataset.readSequences(0, 1));
    }
    DatasetReport report = inspect(prefix, OptionalInt.empty());
    assertEquals(type.lowest < 0, !report.problems().isEmpty());
  }

  private static DatasetReport inspect(Path prefix, OptionalInt vocabulary) throws IOException {
    return DatasetInspector.inspect(prefix, true, vocabulary, bytes -> {});
  }
}
