package dev.pawl.model.dataset;

/** Samples of equal length by number. Thread-safe. */
public interface Samples {
  /** Number of samples. */
  long samples();

  /** Tokens in a sample. */
  int length();

  /** The type of buffer that holds every id. */
  TokenType bufferType();

  /**
   * Reads a sample.
   *
   * @param ids of {@link #bufferType}, or of 32 bits
   * @param mask 1 for real tokens and 0 for padding
   * @param at place of the first token in both
   */
  void sample(long index, TokenBuffer ids, byte[] mask, int at);

  /** Fills ids and mask from 0 on; for reading now and then. */
  default void sample(long index, int[] ids, byte[] mask) {
    TokenBuffer buffer = new TokenBuffer(bufferType(), length());
    sample(index, buffer, mask, 0);
    buffer.get(0, ids, length());
  }
}
