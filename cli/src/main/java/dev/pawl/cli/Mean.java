package dev.pawl.cli;

import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A number over runs.
 *
 * @param deviation sample standard deviation, divided by n - 1; null of a single one
 * @param n how many there are
 */
public record Mean(double mean, @Nullable Double deviation, int n) {
  /** The mean of some numbers; empty for none. */
  public static Optional<Mean> of(double[] numbers) {
    int n = numbers.length;
    if (n == 0) {
      return Optional.empty();
    }
    double mean = Arrays.stream(numbers).sum() / n;
    double squares = Arrays.stream(numbers).map(x -> (x - mean) * (x - mean)).sum();
    return Optional.of(new Mean(mean, n == 1 ? null : Math.sqrt(squares / (n - 1)), n));
  }
}
