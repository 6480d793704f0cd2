package dev.pawl.model.config;

/** What ends a training before its last step. */
public record EarlyEndConfig(
    @Setting(
            doc =
                "Minutes of training after which it saves and ends, in time for the save; attempts"
                    + " count together, as far as they were saved; 0 is no limit. How far a training"
                    + " comes is then decided by a clock.",
            defaultValue = "0",
            min = 0)
        double maxTrainMinutes,
    @Setting(doc = "Training loss (nats) at which it ends; 0 is none.", defaultValue = "0", min = 0)
        double trainLoss,
    @Setting(
            doc = "Held-out loss (nats a token), at a checkpoint, at which it ends; 0 is none.",
            defaultValue = "0",
            min = 0)
        double validLoss) {

  /** Only the last step ends it. */
  public static final EarlyEndConfig NONE = new EarlyEndConfig(0, 0, 0);
}
