package dev.pawl.model.config;

/**
 * How checkpoints are written and which of them are kept. What is kept beside the final one is part
 * of the artifact, and so of the training's identity; the rest decides nothing of the result.
 */
public record CheckpointConfig(
    @Setting(
            doc =
                "Write while training goes on, from a copy in memory (12 bytes a parameter); false"
                    + " writes between two steps and needs no copy.",
            defaultValue = "true")
        boolean asyncSave,
    @Setting(doc = "Newest checkpoints that are kept while training.", defaultValue = "2", min = 1)
        int keepLast,
    @Setting(
            doc = "Steps whose multiples are saved and kept for good; 0 keeps none.",
            defaultValue = "0",
            min = 0)
        long keepEvery,
    @Setting(
            doc = "Checkpoints of the lowest validation losses that are saved and kept for good.",
            defaultValue = "0",
            min = 0)
        int keepBest,
    @Setting(
            doc = "Hours between two failures, where save_steps is 0.",
            defaultValue = "4",
            min = 0.01)
        double meanTimeBetweenFailures) {
  /** What holds where nothing is said. */
  public static final CheckpointConfig DEFAULT = new CheckpointConfig(true, 2, 0, 0, 4);

  /** The part that says what the artifact holds. */
  CheckpointConfig kept() {
    return new CheckpointConfig(
        DEFAULT.asyncSave, DEFAULT.keepLast, keepEvery, keepBest, DEFAULT.meanTimeBetweenFailures);
  }
}
