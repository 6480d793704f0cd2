package dev.pawl.model.config;

/** What a task asks of a model, and how its documents become requests. */
public enum TaskKind {
  /** The log-likelihood of one target after a context. */
  LOGLIKELIHOOD,
  /** The right one of several choices after a context, or of several contexts before a target. */
  MULTIPLE_CHOICE,
  /** Probability of all true ones among several choices. */
  TRUE_CHOICES,
  /** The log-likelihood of a whole document, each token once (block-transformer.md 6.2). */
  ROLLING,
  /** The log-likelihood of a whole file in overlapping windows (megatron.md 6.1). */
  WINDOWS,
  /** The last token after all others (megatron.md 6.2, not strict). */
  LAST_TOKEN,
  /** The tokens of the last word after those of all before it (megatron.md 6.2, strict). */
  LAST_WORD
}
