package dev.pawl.model.dataset.preprocess;

/** What a record that cannot be used leads to. */
public enum OnBadRecord {
  /** The run ends at the first one; no output appears. */
  FAIL,
  /** It is reported, counted and left out. */
  SKIP
}
