package dev.pawl.model.dataset.megatron;

/** Samples of L+1 token ids in the order in which they are to be read. Thread-safe. */
public interface TokenSamples {
  /** Number of samples. */
  long samples();

  /** Token ids in a sample: L inputs and the target of the last one. */
  int length();

  /**
   * Reads the sample at a place of the order.
   *
   * @param ids filled with {@link #length} ids from 0 on
   */
  void read(long index, int[] ids);
}
