package dev.pawl.model.training;

import dev.pawl.model.checkpoint.SkippedRange;
import dev.pawl.model.config.BatchSizes;
import java.util.List;

/** Where in its data a training stands, by arithmetic alone. */
public final class DataPosition {
  private DataPosition() {}

  /**
   * Samples consumed when so many steps are done, before any that are passed over there.
   *
   * @param skipped what was passed over, in order
   */
  public static long after(BatchSizes sizes, long steps, List<SkippedRange> skipped) {
    long position = 0;
    long done = 0;
    for (SkippedRange range : skipped) {
      // Samples of a skipped step are counted with the step.
      if (range.rewound() && range.step() < steps) {
        position = sizes.after(position, range.step() - done) + range.samples();
        done = range.step();
      }
    }
    return sizes.after(position, steps - done);
  }

  /** The same, after those that are passed over there. */
  static long goingOn(BatchSizes sizes, long steps, List<SkippedRange> skipped) {
    long position = after(sizes, steps, skipped);
    for (SkippedRange range : skipped) {
      if (range.rewound() && range.step() == steps) {
        position += range.samples();
      }
    }
    return position;
  }
}
