package dev.pawl.model.architecture;

/**
 * How a parameter starts (block-transformer.md 1.9): normal with the given standard deviation, or a
 * constant.
 *
 * @param standardDeviation of a normal distribution around zero; 0 for a constant
 * @param constant used when the standard deviation is 0
 * @param zeroRow number of a row that is zero instead; negative for none
 */
public record Initializer(double standardDeviation, double constant, int zeroRow) {
  static final Initializer ZERO = new Initializer(0, 0, -1);
  static final Initializer ONE = new Initializer(0, 1, -1);

  static Initializer normal(double standardDeviation) {
    return new Initializer(standardDeviation, 0, -1);
  }

  /** With the variance 1 / n. */
  static Initializer scaled(long n) {
    return normal(1 / Math.sqrt((double) n));
  }

  Initializer withZeroRow(int row) {
    return new Initializer(standardDeviation, constant, row);
  }
}
