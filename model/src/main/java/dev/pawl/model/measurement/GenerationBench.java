package dev.pawl.model.measurement;

import dev.pawl.model.generation.CacheProtocol;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Consumer;

/**
 * Measures shapes batch by batch. Each row is handed over as soon as it is measured, and rows of an
 * earlier attempt are given back and not measured again.
 */
public final class GenerationBench {
  private static final double GIBIBYTE = 1L << 30;

  private final GenerationMeasurement measurement;
  private final Consumer<MeasuredBatch> record;
  private final List<MeasuredBatch> rows;

  /**
   * A bench.
   *
   * @param known rows of an earlier attempt with the same model
   * @param record keeps a new row
   */
  public GenerationBench(
      GenerationMeasurement measurement,
      List<MeasuredBatch> known,
      Consumer<MeasuredBatch> record) {
    this.measurement = measurement;
    this.record = record;
    this.rows = new ArrayList<>(known);
  }

  /** All rows, the known ones first. */
  public List<MeasuredBatch> rows() {
    return List.copyOf(rows);
  }

  /**
   * Measures given batches of a shape. One that is known, or larger than one that did not fit, is
   * left out.
   *
   * @param repetitions 0 for as many as the original program makes
   * @param beforeEach runs between repetitions and may throw to stop
   */
  public void measure(
      int prefill,
      int decode,
      CacheProtocol protocol,
      List<Integer> batches,
      int repetitions,
      Runnable beforeEach) {
    for (int batch : batches) {
      boolean skip =
          points(prefill, decode, protocol).stream()
              .anyMatch(
                  point ->
                      point.batch() == batch || (point.outOfMemory() && point.batch() < batch));
      if (!skip) {
        one(prefill, decode, protocol, batch, repetitions, beforeEach);
      }
    }
  }

  /** Searches for the largest batch of a shape. */
  public void search(
      int prefill, int decode, CacheProtocol protocol, int repetitions, Runnable beforeEach) {
    BatchSearch search = BatchSearch.over(measurement.memoryLimit() / GIBIBYTE);
    OptionalInt next = search.next(points(prefill, decode, protocol));
    while (next.isPresent()) {
      one(prefill, decode, protocol, next.getAsInt(), repetitions, beforeEach);
      next = search.next(points(prefill, decode, protocol));
    }
  }

  private void one(
      int prefill,
      int decode,
      CacheProtocol protocol,
      int batch,
      int repetitions,
      Runnable beforeEach) {
    int count = repetitions > 0 ? repetitions : measurement.repetitions(prefill, decode);
    MeasuredBatch row = measurement.measure(prefill, decode, batch, protocol, count, beforeEach);
    rows.add(row);
    record.accept(row);
  }

  private List<BatchSearch.Point> points(int prefill, int decode, CacheProtocol protocol) {
    return rows.stream()
        .filter(row -> row.sameShape(prefill, decode, protocol.label(), measurement.precision()))
        .map(
            row ->
                new BatchSearch.Point(row.batchSize(), row.oom(), row.maxMemoryBytes() / GIBIBYTE))
        .toList();
  }
}
