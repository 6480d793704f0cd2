package dev.pawl.experiments.sweep;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/**
 * All numbers between two; only drawn from.
 *
 * @param log whether equal ratios are equally likely, rather than equal differences
 */
record Interval(BigDecimal from, BigDecimal to, boolean log) {
  /** Six digits say as much as a random number has to say. */
  private static final MathContext DIGITS = new MathContext(6, RoundingMode.HALF_EVEN);

  /**
   * The number at a share of the way, from 0 to 1: the same on every machine and Java, because
   * {@link StrictMath} is and six digits are kept.
   */
  BigDecimal at(double share) {
    double low = from.doubleValue();
    double high = to.doubleValue();
    double number =
        log
            ? StrictMath.exp(
                StrictMath.log(low) + share * (StrictMath.log(high) - StrictMath.log(low)))
            : low + share * (high - low);
    return new BigDecimal(number).round(DIGITS).max(from).min(to);
  }
}
