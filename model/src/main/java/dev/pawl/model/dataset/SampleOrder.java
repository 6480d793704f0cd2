package dev.pawl.model.dataset;

/**
 * The order in which samples are read: epoch e visits the permutation that PyTorch's CPU generator
 * seeded with seed + e draws (block-transformer.md 4). Not thread-safe.
 */
public final class SampleOrder {
  private final long seed;
  private final int samples;
  private long epoch = -1;
  private int[] permutation = {};

  /** The order over a number of samples, at least one. */
  public SampleOrder(long seed, long samples) {
    if (samples < 1 || samples > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(samples + " samples cannot be put in order");
    }
    this.seed = seed;
    this.samples = (int) samples;
  }

  /** The sample to read after {@code consumed} others. */
  public long at(long consumed) {
    long wanted = consumed / samples;
    if (wanted != epoch) {
      permutation = permutation(seed + wanted, samples);
      epoch = wanted;
    }
    return permutation[(int) (consumed % samples)];
  }

  private static int[] permutation(long seed, int samples) {
    int[] order = new int[samples];
    for (int i = 0; i < samples; i++) {
      order[i] = i;
    }
    MersenneTwister random = new MersenneTwister(seed);
    for (int i = 0; i < samples - 1; i++) {
      long draw = random.nextInt32() & 0xffffffffL;
      int other = i + (int) (draw % (samples - i));
      int kept = order[i];
      order[i] = order[other];
      order[other] = kept;
    }
    return order;
  }
}
