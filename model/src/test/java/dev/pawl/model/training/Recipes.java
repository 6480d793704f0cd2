package dev.pawl.model.training;

import dev.pawl.model.config.ActivationRecompute;
import dev.pawl.model.config.AnomalyConfig;
import dev.pawl.model.config.CheckpointConfig;
import dev.pawl.model.config.EarlyEndConfig;
import dev.pawl.model.config.LrDecayStyle;
import dev.pawl.model.config.Precision;
import dev.pawl.model.config.RampupConfig;
import dev.pawl.model.config.ScheduleConfig;
import dev.pawl.model.config.TrainingConfig;
import dev.pawl.model.config.WeightDecayStyle;

/** Recipes that differ from one another in a few settings. */
final class Recipes {
  private int totalBatchSize = 8;
  private int microBatch;
  private long numTrainSteps;
  private long stopSteps;
  private long numWarmupSteps;
  private long trainSamples;
  private long trainTokens;
  private long stopTokens;
  private int maxLength = 16;
  private double learningRate = 3e-3;
  private double minimum;
  private double weightDecay = 0.1;
  private RampupConfig rampup = RampupConfig.NONE;
  private ScheduleConfig schedule = ScheduleConfig.DEFAULT;
  private AnomalyConfig anomalies = AnomalyConfig.DEFAULT;

  Recipes batch(int total, int micro) {
    totalBatchSize = total;
    microBatch = micro;
    return this;
  }

  Recipes steps(long steps, long warmup) {
    numTrainSteps = steps;
    numWarmupSteps = warmup;
    return this;
  }

  Recipes stopSteps(long steps) {
    stopSteps = steps;
    return this;
  }

  Recipes samples(long samples) {
    trainSamples = samples;
    return this;
  }

  Recipes tokens(int length, long train, long stop) {
    maxLength = length;
    trainTokens = train;
    stopTokens = stop;
    return this;
  }

  Recipes rate(double peak, double minimumRatio) {
    learningRate = peak;
    minimum = minimumRatio;
    return this;
  }

  Recipes weightDecay(double end) {
    weightDecay = end;
    return this;
  }

  Recipes rampup(int start, int increment, long samples) {
    rampup = new RampupConfig(start, increment, samples);
    return this;
  }

  Recipes style(LrDecayStyle style) {
    schedule = ScheduleConfig.DEFAULT.withLrDecayStyle(style);
    return this;
  }

  Recipes schedule(LrDecayStyle style, long warmupSamples, double warmupFraction, long decaySteps) {
    schedule =
        new ScheduleConfig(
            style,
            warmupSamples,
            0,
            warmupFraction,
            decaySteps,
            0,
            0,
            WeightDecayStyle.CONSTANT,
            0);
    return this;
  }

  Recipes decayTokens(LrDecayStyle style, long warmupTokens, long decayTokens) {
    schedule =
        new ScheduleConfig(
            style, 0, warmupTokens, 0, 0, 0, decayTokens, WeightDecayStyle.CONSTANT, 0);
    return this;
  }

  Recipes weightDecayStyle(WeightDecayStyle style, double start) {
    schedule = new ScheduleConfig(LrDecayStyle.COSINE, 0, 0, 0, 0, 0, 0, style, start);
    return this;
  }

  Recipes anomalies(AnomalyConfig config) {
    anomalies = config;
    return this;
  }

  TrainingConfig make() {
    return new TrainingConfig(
        maxLength,
        totalBatchSize,
        microBatch,
        numTrainSteps,
        stopSteps,
        numWarmupSteps,
        learningRate,
        minimum,
        0.9,
        0.95,
        1e-8,
        weightDecay,
        1.0,
        Precision.FP32,
        ActivationRecompute.NONE,
        true,
        true,
        5,
        1,
        0,
        0,
        CheckpointConfig.DEFAULT,
        trainSamples,
        trainTokens,
        0,
        stopTokens,
        0,
        rampup,
        schedule,
        EarlyEndConfig.NONE,
        anomalies);
  }
}
