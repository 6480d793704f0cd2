package dev.pawl.model.architecture;

/**
 * How a parameter starts (block-transformer.md 1.9): normal with the given standard deviation, or a
 * constant.
 *
 * @param standardDeviation of a normal distribution around zero; 0 for a constant
 * @param constant used when the standard deviation is 0
 */
public record Initializer(double standardDeviation, double constant) {
  static final Initializer ZERO = new Initializer(0, 0);
  static final Initializer ONE = new Initializer(0, 1);

  static Initializer normal(double standardDeviation) {
    return new Initializer(standardDeviation, 0);
  }
}
