package dev.pawl.model.config;

/** What is computed from the answers of a task. */
public enum TaskMetric {
  /**
   * Share of right answers; for {@link TaskKind#TRUE_CHOICES} mean probability of the true ones.
   */
  ACC,
  /** Share of right answers by log-likelihood over characters of the choice. */
  ACC_NORM,
  /** Exp of minus the mean log-likelihood of a document; of a token for windows. */
  PERPLEXITY,
  /** Exp of minus log-likelihood over words. */
  WORD_PERPLEXITY,
  /** Exp of minus log-likelihood over UTF-8 bytes. */
  BYTE_PERPLEXITY,
  /** Minus log-likelihood over UTF-8 bytes, in bits. */
  BITS_PER_BYTE,
  /** Minus log-likelihood over predicted tokens, in nats. */
  LOSS,
  /** Predicted tokens over those of the original tokenization. */
  TOKEN_RATIO,
  /** Exp of loss times token ratio: perplexity of an original token. */
  ADJUSTED_PERPLEXITY;

  /** Whether tasks of a kind have it. */
  public boolean fits(TaskKind kind) {
    return switch (this) {
      case ACC -> kind != TaskKind.ROLLING && kind != TaskKind.WINDOWS;
      case ACC_NORM -> kind == TaskKind.MULTIPLE_CHOICE;
      case PERPLEXITY -> kind == TaskKind.LOGLIKELIHOOD || kind == TaskKind.WINDOWS;
      case WORD_PERPLEXITY, BYTE_PERPLEXITY, BITS_PER_BYTE -> kind == TaskKind.ROLLING;
      case LOSS, TOKEN_RATIO, ADJUSTED_PERPLEXITY -> kind == TaskKind.WINDOWS;
    };
  }
}
