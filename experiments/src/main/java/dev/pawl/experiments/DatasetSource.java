package dev.pawl.experiments;

/** Where documents come from. */
public enum DatasetSource {
  /** The built-in, synthetic corpus. */
  STORIES,
  /** Files of the user: UTF-8 text or JSON lines. */
  FILES,
  /** A folder of shards with a checksum manifest. */
  SHARDS,
  /** Token datasets that were made elsewhere. */
  INDEXED
}
