package dev.pawl.experiments.sweep;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A key and the values that it takes.
 *
 * @param key dotted, or {@code model}
 * @param place where it is written
 * @param values in order; empty where there is an interval
 * @param interval what is drawn from instead; null where there are values
 */
record Axis(String key, String place, List<AxisValue> values, @Nullable Interval interval) {
  /** The axis over the models of the experiment. */
  static final String MODEL = "model";

  /** The axis over seeds. */
  static final String SEED = "seed";

  Axis {
    values = List.copyOf(values);
  }
}
