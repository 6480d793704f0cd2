package dev.pawl.model.training;

import dev.pawl.model.dataset.TokenBuffer;
import dev.pawl.model.dataset.TokenType;

/** Samples in training order. */
public interface TrainingData {
  /**
   * Reads the sample at a position in the stream of epochs.
   *
   * @param position samples consumed before it
   * @param ids filled with max_length + {@link #extraTokens} token ids
   * @param mask filled with 1 for a real token, 0 for padding
   */
  void read(long position, int[] ids, byte[] mask);

  /**
   * Reads a sample into a batch.
   *
   * @param ids of {@link #bufferType}
   * @param at place of the sample's first token in ids and mask
   * @param length max_length + {@link #extraTokens}
   */
  default void read(long position, TokenBuffer ids, byte[] mask, int at, int length) {
    int[] sampleIds = new int[length];
    byte[] sampleMask = new byte[length];
    read(position, sampleIds, sampleMask);
    ids.put(at, sampleIds, length);
    System.arraycopy(sampleMask, 0, mask, at, length);
  }

  /** The type of buffer that holds every id. */
  default TokenType bufferType() {
    return TokenType.INT32;
  }

  /** Tokens of a sample beyond max_length: 1 where the target of the last input comes along. */
  default int extraTokens() {
    return 0;
  }

  /** How many samples there are; positions stay below it. */
  default long samples() {
    return Long.MAX_VALUE;
  }
}
