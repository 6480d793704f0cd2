package dev.pawl.model.training;

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

  /** Tokens of a sample beyond max_length: 1 where the target of the last input comes along. */
  default int extraTokens() {
    return 0;
  }

  /** How many samples there are; positions stay below it. */
  default long samples() {
    return Long.MAX_VALUE;
  }
}
