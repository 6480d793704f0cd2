package dev.pawl.cli.report;

import dev.pawl.cli.Better;
import java.util.Collection;
import java.util.OptionalDouble;

/** Which value of several is the best. */
final class Best {
  private Best() {}

  /** The best of the values that are there; none where there are not two different ones. */
  static OptionalDouble of(Collection<OptionalDouble> values, Better better) {
    double[] found =
        values.stream()
            .filter(OptionalDouble::isPresent)
            .mapToDouble(OptionalDouble::getAsDouble)
            .filter(Double::isFinite)
            .distinct()
            .sorted()
            .toArray();
    return found.length < 2 || better == Better.NEITHER
        ? OptionalDouble.empty()
        : OptionalDouble.of(better == Better.LOWER ? found[0] : found[found.length - 1]);
  }

  /** Whether a value is the best one. */
  static boolean is(OptionalDouble value, OptionalDouble best) {
    return value.isPresent() && best.isPresent() && value.getAsDouble() == best.getAsDouble();
  }
}
