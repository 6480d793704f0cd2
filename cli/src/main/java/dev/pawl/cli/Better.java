package dev.pawl.cli;

/** Which of two numbers of a column is the better one. */
public enum Better {
  LOWER,
  HIGHER,
  NEITHER;

  /** Of a metric of the harness, or a training's. */
  public static Better ofMetric(String metric) {
    return switch (metric) {
      case "acc", "acc_norm", "f1", "exact_match", "mc1", "mc2", "tokens_per_second", "mfu" ->
          HIGHER;
      case "perplexity",
          "word_perplexity",
          "byte_perplexity",
          "bits_per_byte",
          "adjusted_perplexity",
          "loss",
          "train_loss",
          "valid_loss" ->
          LOWER;
      default -> NEITHER;
    };
  }

  /** Whether one number is better than another. */
  public boolean than(double one, double other) {
    return switch (this) {
      case LOWER -> one < other;
      case HIGHER -> one > other;
      case NEITHER -> false;
    };
  }
}
