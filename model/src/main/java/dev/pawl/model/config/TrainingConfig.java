package dev.pawl.model.config;

import java.util.Objects;

/**
 * The training recipe (block-transformer.md 4): AdamW with weight decay on every parameter, linear
 * warm-up, cosine decay to a tenth, global-norm clipping.
 *
 * <p>The length is given once: in optimizer steps, in samples or in tokens. The record then holds
 * the samples and the steps that follow (megatron.md 5.3), so that reading it again changes
 * nothing.
 */
public record TrainingConfig(
    @Setting(doc = "Tokens in a sample.", defaultValue = "2048", min = 2) int maxLength,
    @Setting(doc = "Samples in an optimizer step.", min = 1) int totalBatchSize,
    @Setting(
            doc =
                "Samples in a forward pass; divides total_batch_size; 0 is total_batch_size, or"
                    + " what divides every size of a batch that grows.",
            defaultValue = "0",
            min = 0)
        int perDeviceTrainBatchSize,
    @Setting(
            doc =
                "Length of the training and horizon of the schedule, in optimizer steps; or give"
                    + " train_samples or train_tokens.",
            defaultValue = "0",
            min = 0)
        long numTrainSteps,
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
    @Setting(doc = "How checkpoints are written and which are kept.") CheckpointConfig checkpoints,
    @Setting(
            doc = "Length of the training, in samples; whole steps of it are done.",
            defaultValue = "0",
            min = 0)
        long trainSamples,
    @Setting(doc = "Length of the training, in tokens.", defaultValue = "0", min = 0)
        long trainTokens,
    @Setting(
            doc = "Samples at which training ends; 0 is all of its length.",
            defaultValue = "0",
            min = 0)
        long stopSamples,
    @Setting(
            doc = "Tokens at which training ends; 0 is all of its length.",
            defaultValue = "0",
            min = 0)
        long stopTokens,
    @Setting(
            doc =
                "Peak of the device in FLOP/s, from its maker; model-FLOPs utilisation is stored"
                    + " where it is given.",
            defaultValue = "0",
            min = 0)
        double peakFlops,
    @Setting(doc = "A batch that grows.") RampupConfig rampupBatchSize,
    @Setting(doc = "Learning rate and weight decay over the training.") ScheduleConfig schedule,
    @Setting(doc = "What ends the training before its last step.") EarlyEndConfig earlyEnd,
    @Setting(doc = "Losses that are no numbers, and spikes.") AnomalyConfig anomalies) {

  public TrainingConfig {
    // Recipes written before these settings were there.
    rampupBatchSize = Objects.requireNonNullElse(rampupBatchSize, RampupConfig.NONE);
    schedule = Objects.requireNonNullElse(schedule, ScheduleConfig.DEFAULT);
    earlyEnd = Objects.requireNonNullElse(earlyEnd, EarlyEndConfig.NONE);
    anomalies = Objects.requireNonNullElse(anomalies, AnomalyConfig.DEFAULT);
    BatchSizes batches = new BatchSizes(totalBatchSize, rampupBatchSize);
    if (perDeviceTrainBatchSize == 0) {
      perDeviceTrainBatchSize = batches.commonDivisor();
    }
    if (totalBatchSize % perDeviceTrainBatchSize != 0) {
      throw new IllegalArgumentException(
          "per_device_train_batch_size %d does not divide total_batch_size %d"
              .formatted(perDeviceTrainBatchSize, totalBatchSize));
    }
    TrainingChecks.rampup(rampupBatchSize, perDeviceTrainBatchSize);
    trainSamples =
        TrainingChecks.samples(
            "train_samples", trainSamples, "train_tokens", trainTokens, maxLength);
    numTrainSteps =
        TrainingChecks.steps(
            "num_train_steps", numTrainSteps, "train_samples", trainSamples, batches);
    TrainingChecks.length(numTrainSteps, trainSamples, rampupBatchSize);
    stopSamples =
        TrainingChecks.samples("stop_samples", stopSamples, "stop_tokens", stopTokens, maxLength);
    stopSteps = TrainingChecks.steps("stop_steps", stopSteps, "stop_samples", stopSamples, batches);
    if (stopSteps == 0) {
      stopSteps = numTrainSteps;
    }
    if (stopSteps > numTrainSteps) {
      throw new IllegalArgumentException(
          "stop_steps %d is beyond num_train_steps %d".formatted(stopSteps, numTrainSteps));
    }
    TrainingChecks.schedule(
        schedule,
        numWarmupSteps,
        numTrainSteps,
        rampupBatchSize,
        maxLength,
        totalBatchSize,
        trainSamples);
    if (validSteps == 0) {
      validSteps = saveSteps > 0 ? saveSteps : Math.max(1, numTrainSteps / 10);
    }
    // Manifests of before say nothing of it.
    checkpoints = Objects.requireNonNullElse(checkpoints, CheckpointConfig.DEFAULT);
  }

  /**
   * A recipe in optimizer steps, with all else as published: a batch of one size, cosine decay, no
   * early end, and a stop where the loss is no number.
   */
  public TrainingConfig(
      int maxLength,
      int totalBatchSize,
      int perDeviceTrainBatchSize,
      long numTrainSteps,
      long stopSteps,
      long numWarmupSteps,
      double learningRate,
      double minLearningRateRatio,
      double adamBeta1,
      double adamBeta2,
      double adamEpsilon,
      double weightDecay,
      double maxGradNorm,
      Precision precision,
      ActivationRecompute activationRecompute,
      boolean randomPadFirstBlock,
      boolean padToBlockBoundary,
      long saveSteps,
      long loggingSteps,
      int validSamples) {
    this(
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
        randomPadFirstBlock,
        padToBlockBoundary,
        saveSteps,
        loggingSteps,
        validSamples,
        0,
        CheckpointConfig.DEFAULT,
        0,
        0,
        0,
        0,
        0,
        RampupConfig.NONE,
        ScheduleConfig.DEFAULT,
        EarlyEndConfig.NONE,
        AnomalyConfig.DEFAULT);
  }

  /** Samples of each step. */
  public BatchSizes batchSizes() {
    return new BatchSizes(totalBatchSize, rampupBatchSize);
  }

  /** Samples of the whole training, wherever it is stopped. */
  public long horizonSamples() {
    return TrainingChecks.horizonSamples(trainSamples, numTrainSteps, totalBatchSize);
  }

  /** Where a schedule that counts samples turns. */
  public ScheduleHorizon horizon() {
    return TrainingChecks.horizon(
        schedule, numWarmupSteps, maxLength, totalBatchSize, horizonSamples());
  }

  /** The same recipe for documents that are not padded. */
  public TrainingConfig withoutPadding() {
    return with(false, false, saveSteps, checkpoints, peakFlops);
  }

  /**
   * The part that decides a result: when and how the training is saved, and what is only measured
   * against, are left out.
   */
  public TrainingConfig withoutSavingAndMeasuring() {
    return with(randomPadFirstBlock, padToBlockBoundary, 0, checkpoints.kept(), 0);
  }

  private TrainingConfig with(
      boolean padFirst, boolean padToBoundary, long saves, CheckpointConfig saving, double peak) {
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
        saving,
        trainSamples,
        trainTokens,
        stopSamples,
        stopTokens,
        peak,
        rampupBatchSize,
        schedule,
        earlyEnd,
        anomalies);
  }
}
