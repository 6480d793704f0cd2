package dev.pawl.model.dataset;

/** What an inspection found. */
public enum DatasetStatus {
  /** Index and token file agree. */
  SOUND,
  /** Nothing in it. */
  EMPTY,
  /** End-of-text tokens are in the token file and not in the lengths; can be repaired. */
  EOD_LENGTH_DEFECT,
  /** Anything else. */
  DAMAGED
}
