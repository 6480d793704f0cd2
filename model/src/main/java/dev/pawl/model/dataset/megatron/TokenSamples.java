package dev.pawl.model.dataset.megatron;

import dev.pawl.model.dataset.TokenBuffer;
import dev.pawl.model.dataset.TokenType;

/** Samples of L+1 token ids in the order in which they are to be read. Thread-safe. */
public interface TokenSamples {
  /** Number of samples. */
  long samples();

  /** Token ids in a sample: L inputs and the target of the last one. */
  int length();

  /** The type of buffer that holds every id. */
  TokenType bufferType();

  /**
   * Reads the first ids of the sample at a place of the order.
   *
   * @param ids of {@link #bufferType}, or of 32 bits
   * @param at place of the first id
   * @param count at most {@link #length}
   */
  void read(long index, TokenBuffer ids, int at, int count);

  /**
   * Reads the sample at a place of the order; for reading now and then.
   *
   * @param ids filled with {@link #length} ids from 0 on
   */
  default void read(long index, int[] ids) {
    TokenBuffer buffer = new TokenBuffer(bufferType(), length());
    read(index, buffer, 0, length());
    buffer.get(0, ids, length());
  }
}
