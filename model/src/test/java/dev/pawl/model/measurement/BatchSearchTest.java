package dev.pawl.model.measurement;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.pawl.model.failure.PawlException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;

/**
 * The batches that the original program's own functions visited over scripted memory, run in Python
 * on the same numbers.
 */
class BatchSearchTest {

  @Test
  void visitsWhatTheOriginalProgramVisits() {
    assertEquals(
        List.of(1, 2, 1024, 1536, 1792, 1920, 1984, 2048),
        visited(79.1, batch -> 0.25 + 38.5 / 1024 * batch));
    assertEquals(
        List.of(1, 2, 112, 176, 208, 224), visited(79.1, batch -> 0.25 + 355.0 / 1024 * batch));
    assertEquals(
        List.of(1, 2, 8192, 12288, 14336, 15360, 15872),
        visited(79.1, batch -> 0.1 + 5.0 / 1024 * batch));
    assertEquals(
        List.of(1, 2, 36, 52, 60, 64), visited(79.1, batch -> 1.5 + 1140.0 / 1024 * batch));
    assertEquals(List.of(1, 2, 21, 30, 36), visited(39.4, batch -> 3 + 0.9 * batch));
    assertEquals(List.of(1, 2), visited(24, batch -> 1 + 7.0 * batch));
    assertEquals(List.of(1, 2, 384, 576, 704), visited(16, batch -> 0.5 + 0.02 * batch));
  }

  @Test
  void closesInOnABatchThatDoesNotFit() {
    assertEquals(
        List.of(1, 2, 1024, 512, 768, 896, 960),
        visited(79.1, batch -> 0.25 + 0.0376 * batch + (batch >= 1000 ? 60 : 0)));
    assertEquals(
        List.of(1, 2, 1024, 1536, 1792, 1664, 1600),
        visited(79.1, batch -> 0.25 + 0.0376 * batch + (batch >= 1600 ? 60 : 0)));
    assertEquals(
        List.of(1, 2, 40, 21, 11, 16, 18, 19, 20),
        visited(40, batch -> 1 + 0.5 * batch + (batch >= 20 ? 40 : 0)));
  }

  @Test
  void goesOnFromWhatIsMeasured() {
    List<BatchSearch.Point> known =
        new ArrayList<>(
            List.of(
                new BatchSearch.Point(1, false, 0.25 + 355.0 / 1024),
                new BatchSearch.Point(112, false, 0.25 + 355.0 / 1024 * 112)));
    assertEquals(OptionalInt.of(2), new BatchSearch(79.1, 2).next(known));
    known.add(new BatchSearch.Point(2, false, 0.25 + 355.0 / 512));
    assertEquals(OptionalInt.of(176), new BatchSearch(79.1, 2).next(known));
  }

  @Test
  void theSmallestBatchesMayNotFit() {
    assertEquals(List.of(1), visited(2, batch -> 3));
    assertEquals(List.of(1, 2), visited(4, batch -> 1 + batch * 2.0));
  }

  @Test
  void memoryThatDoesNotGrowIsAnError() {
    // From 1 and 2 alone a tenth of a GiB is assumed: the first step is taken.
    PawlException failure = assertThrows(PawlException.class, () -> visited(79.1, batch -> 0.25));
    assertEquals(
        "batch 1 took 0.250 GiB at its peak and batch", failure.getMessage().substring(0, 44));
  }

  private static List<Integer> visited(double total, IntToDoubleFunction peak) {
    BatchSearch search = new BatchSearch(total, BatchSearch.MARGIN_GIB);
    List<BatchSearch.Point> points = new ArrayList<>();
    List<Integer> visited = new ArrayList<>();
    for (OptionalInt next = search.next(points); next.isPresent(); next = search.next(points)) {
      int batch = next.getAsInt();
      double gib = peak.applyAsDouble(batch);
      visited.add(batch);
      points.add(new BatchSearch.Point(batch, gib > total, gib));
    }
    return visited;
  }
}
