package dev.pawl.model.dataset;

/** Samples of equal length by number. Thread-safe. */
public interface Samples {
  /** Number of samples. */
  long samples();

  /** Tokens in a sample. */
  int length();

  /** Fills ids, and mask with 1 for real tokens and 0 for padding. */
  void sample(long index, int[] ids, byte[] mask);
}
