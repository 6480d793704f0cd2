package dev.pawl.model.measurement;

import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalInt;

/**
 * Which batch to measure next in search of the largest that fits (block-transformer.md 7): 1 and 2,
 * then halfway between the largest that fitted and the smallest that did not, or that memory is
 * expected to hold.
 *
 * @param totalGib memory there is
 * @param marginGib the search ends when less than this is left
 */
public record BatchSearch(double totalGib, double marginGib) {
  /** That of the original program, for a device's memory. */
  public static final double MARGIN_GIB = 2;

  private static final double UNMEASURABLE_GIB = 0.1;

  /**
   * A measured batch.
   *
   * @param outOfMemory whether it did not fit
   * @param peakGib its peak of memory; of no meaning where it did not fit
   */
  public record Point(int batch, boolean outOfMemory, double peakGib) {}

  /** Over memory of a size; where there is little of it, an eighth of it is margin enough. */
  public static BatchSearch over(double totalGib) {
    return new BatchSearch(totalGib, Math.min(MARGIN_GIB, totalGib / 8));
  }

  /**
   * The next batch, or none at the end of the search.
   *
   * @param measured all batches of this shape so far, in any order
   */
  public OptionalInt next(List<Point> measured) {
    for (int batch = 1; batch <= 2; batch++) {
      int small = batch;
      if (measured.stream().anyMatch(point -> point.outOfMemory && point.batch <= small)) {
        return OptionalInt.empty();
      }
      if (measured.stream().noneMatch(point -> point.batch == small)) {
        return OptionalInt.of(small);
      }
    }
    List<Point> fitting =
        measured.stream()
            .filter(point -> !point.outOfMemory)
            .sorted(Comparator.comparingInt(Point::batch))
            .toList();
    Point first = fitting.get(0);
    Point last = fitting.get(fitting.size() - 1);
    if (totalGib - last.peakGib < marginGib) {
      return OptionalInt.empty();
    }
    int upper =
        measured.stream()
            .filter(Point::outOfMemory)
            .mapToInt(Point::batch)
            .min()
            .orElseGet(() -> last.batch + (int) ((totalGib - last.peakGib) / slope(first, last)));
    int middle = rounded(Math.floorDiv(last.batch + upper, 2));
    return middle == upper || middle <= last.batch ? OptionalInt.empty() : OptionalInt.of(middle);
  }

  /** Memory of a sample, by the smallest and the largest batch that fitted. */
  private static double slope(Point first, Point last) {
    double slope = (last.peakGib - first.peakGib) / (last.batch - first.batch);
    if (slope > 0) {
      return slope;
    }
    if (first.batch == 1 && last.batch == 2) {
      return UNMEASURABLE_GIB;
    }
    throw new PawlException(
        FailureCause.INFRASTRUCTURE,
        ("batch %d took %.3f GiB at its peak and batch %d %.3f GiB: memory must grow with the batch for"
                + " the largest to be searched; name batch sizes, or measure on a quieter machine")
            .formatted(first.batch, first.peakGib, last.batch, last.peakGib));
  }

  private static int rounded(int batch) {
    int unit = batch >= 2048 ? 256 : batch >= 512 ? 64 : batch >= 128 ? 16 : batch >= 32 ? 4 : 1;
    // Halves go to the even multiple.
    return (int) Math.rint((double) batch / unit) * unit;
  }
}
