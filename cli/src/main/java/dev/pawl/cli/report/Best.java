package dev.pawl.cli.report;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/** Which value of several is the best. */
final class Best {
  private static final List<String> LESS_IS_BETTER =
      List.of("perplexity", "ppl", "bits", "loss", "nll");

  private Best() {}

  /** Whether a score with this name is the better the smaller it is. */
  static boolean isLess(String metric) {
    String name = metric.toLowerCase(Locale.ROOT);
    return LESS_IS_BETTER.stream().anyMatch(name::contains);
  }

  /** The best of the values that are there; none where there are not two different ones. */
  static OptionalDouble of(Collection<OptionalDouble> values, boolean less) {
    double[] found =
        values.stream()
            .filter(OptionalDouble::isPresent)
            .mapToDouble(OptionalDouble::getAsDouble)
            .filter(Double::isFinite)
            .distinct()
            .sorted()
            .toArray();
    return found.length < 2
        ? OptionalDouble.empty()
        : OptionalDouble.of(less ? found[0] : found[found.length - 1]);
  }

  /** Whether a value is the best one. */
  static boolean is(OptionalDouble value, OptionalDouble best) {
    return value.isPresent() && best.isPresent() && value.getAsDouble() == best.getAsDouble();
  }
}
