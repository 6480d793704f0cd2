package dev.pawl.model.config;

/**
 * A batch that grows with the samples consumed (megatron.md 5.2); all three are 0 where it does
 * not.
 */
public record RampupConfig(
    @Setting(
            doc = "Samples in the first optimizer step; 0 is no ramp.",
            defaultValue = "0",
            min = 0)
        int start,
    @Setting(
            doc = "Samples that a step gains at a time, up to total_batch_size.",
            defaultValue = "0",
            min = 0)
        int increment,
    @Setting(doc = "Samples over which the batch grows.", defaultValue = "0", min = 0)
        long samples) {

  /** A batch of one size. */
  public static final RampupConfig NONE = new RampupConfig(0, 0, 0);

  public RampupConfig {
    boolean none = start == 0 && increment == 0 && samples == 0;
    if (!none && (start == 0 || increment == 0 || samples == 0)) {
      throw new IllegalArgumentException(
          "start %d, increment %d and samples %d belong together: give all three, or none"
              .formatted(start, increment, samples));
    }
  }

  /** Whether the batch grows. */
  public boolean ramps() {
    return start > 0;
  }
}
