package dev.pawl.model.config;

import java.util.Objects;

/**
 * The training recipe (block-transformer.md 4): AdamW with weight decay on every parameter, linear
 * warm-up, cosine decay to a tenth, global-norm clipping.
 */
public record TrainingConfig(
    @Setting(doc = "Tokens in a sample.", defaultValue = "2048", min = 2) int maxLength,
    @Setting(doc = "Samples in an optimizer step.", min = 1) int totalBatchSize,
    @Setting(
            doc = "Samples in a forward pass; divides total_batch_size; 0 is total_batch_size.",
            defaultValue = "0",
            min = 0)
        int perDeviceTrainBatchSize,
    @Setting(doc = "Horizon of the schedule, in optimizer steps.", min = 1) long numTrainSteps,
    @Setting(
            doc = "Optimizer step at which training ends; 0 is num_train_steps.",
            defaultValue = "0",
            min = 0)
        long stopSteps,
    @Setting(doc = "Warm-up, in optimizer steps.", defaultValue = "0", min = 0) long numWarmupSteps,
    @Setting(doc = "Peak learning rate.", min = 0) double learningRate,
    @Setting(
            doc = "Final learning rate as a share of the peak.",
            defaultValue = "0.1",
            min = 0,
            max = 1)
        double minLearningRateRatio,
    @Setting(doc = "AdamW beta1.", defaultValue = "0.9", min = 0, max = 1) double adamBeta1,
    @Setting(doc = "AdamW beta2.", defaultValue = "0.95", min = 0, max = 1) double adamBeta2,
    @Setting(doc = "AdamW epsilon.", defaultValue = "1e-8", min = 0) double adamEpsilon,
    @Setting(doc = "Decoupled weight decay, on every parameter.", defaultValue = "0.1", min = 0)
        double weightDecay,
    @Setting(doc = "Global gradient norm is clipped to it; 0 turns it off.", defaultValue = "1.0")
        double maxGradNorm,
    @Setting(doc = "Number format of forward and backward.", defaultValue = "fp32")
        Precision precision,
    @Setting(
            doc =
                "full keeps only what enters each layer and computes the layer again on the way"
                    + " back: less memory, the same gradients.",
            defaultValue = "none")
        ActivationRecompute activationRecompute,
    @Setting(
            doc = "Left padding of 0..block_length-1 tokens before each document; block models.",
            defaultValue = "true")
        boolean randomPadFirstBlock,
    @Setting(doc = "Each document ends on a block boundary; block models.", defaultValue = "true")
        boolean padToBlockBoundary,
    @Setting(
            doc =
                "A checkpoint every so many optimizer steps; 0 chooses from the measured cost of a"
                    + " save and checkpoints.mean_time_between_failures. Decides no bit.",
            min = 0)
        long saveSteps,
    @Setting(doc = "Metrics are stored every so many optimizer steps.", defaultValue = "1", min = 1)
        long loggingSteps,
    @Setting(
            doc = "Held-out samples for the validation loss; 0 is all.",
            defaultValue = "64",
            min = 0)
        int validSamples,
    @Setting(
            doc =
                "Validation loss every so many optimizer steps; 0 is save_steps, or a tenth of"
                    + " num_train_steps where save_steps is 0.",
            defaultValue = "0",
            min = 0)
        long validSteps,
    @Setting(doc = "How checkpoints are written and which are kept.")
        CheckpointConfig checkpoints) {

  public TrainingConfig {
    if (perDeviceTrainBatchSize == 0) {
      perDeviceTrainBatchSize = totalBatchSize;
    }
    if (totalBatchSize % perDeviceTrainBatchSize != 0) {
      throw new IllegalArgumentException(
          "per_device_train_batch_size %d does not divide total_batch_size %d"
              .formatted(perDeviceTrainBatchSize, totalBatchSize));
    }
    if (stopSteps == 0) {
      stopSteps = numTrainSteps;
    }
    if (stopSteps > numTrainSteps) {
      throw new IllegalArgumentException(
          "stop_steps %d is beyond num_train_steps %d".formatted(stopSteps, numTrainSteps));
    }
    if (numWarmupSteps >= numTrainSteps) {
      throw new IllegalArgumentException(
          "num_warmup_steps %d leaves nothing of num_train_steps %d"
              .formatted(numWarmupSteps, numTrainSteps));
    }
    if (validSteps == 0) {
      validSteps = saveSteps > 0 ? saveSteps : Math.max(1, numTrainSteps / 10);
    }
    // Manifests of before say nothing of it.
    checkpoints = Objects.requireNonNullElse(checkpoints, CheckpointConfig.DEFAULT);
  }

  /** The part that decides a result: when and how the training is saved is left out. */
  public TrainingConfig withoutSaving() {
    return with(randomPadFirstBlock, padToBlockBoundary, 0, checkpoints.kept());
  }

  /** The same recipe for documents that are not padded. */
  public TrainingConfig withoutPadding() {
    return with(false, false, saveSteps, checkpoints);
  }

  private TrainingConfig with(
      boolean padFirst, boolean padToBoundary, long saves, CheckpointConfig saving) {
    return new TrainingConfig(
        maxLength,
        totalBatchSize,
        perDeviceTrainBatchSize,
        numTrainSteps,
        stopSteps,
        numWarmupSteps,
        learningRate,
        minLearningRateRatio,
        adamBeta1,
        adamBeta2,
        adamEpsilon,
        weightDecay,
        maxGradNorm,
        precision,
        activationRecompute,
        padFirst,
        padToBoundary,
        saves,
        loggingSteps,
        validSamples,
        validSteps,
        saving);
  }
}
