package dev.pawl.model.config;

import java.util.ArrayList;
import java.util.List;

/** What follows from the settings of a recipe, and whether they go together. */
final class TrainingChecks {
  private TrainingChecks() {}

  /** Samples that were given, or that whole tokens make. */
  static long samples(
      String samplesName, long samples, String tokensName, long tokens, int maxLength) {
    if (tokens == 0) {
      return samples;
    }
    long made = tokens / maxLength;
    if (made == 0) {
      throw new IllegalArgumentException(
          "%s %d is not one sample of max_length %d".formatted(tokensName, tokens, maxLength));
    }
    if (samples != 0 && samples != made) {
      throw new IllegalArgumentException(
          "%s %d makes %s %d, not %d: give one of the two, 0 for the other"
              .formatted(tokensName, tokens, samplesName, made, samples));
    }
    return made;
  }

  /** Steps that were given, or that the samples make. */
  static long steps(
      String stepsName, long steps, String samplesName, long samples, BatchSizes batches) {
    if (samples == 0) {
      return steps;
    }
    long made = batches.stepsWithin(samples);
    if (made == 0) {
      throw new IllegalArgumentException(
          "%s %d is not one step of %d".formatted(samplesName, samples, batches.at(0)));
    }
    if (steps != 0 && steps != made) {
      throw new IllegalArgumentException(
          "%s %d makes %s %d, not %d: give one of the two, 0 for the other"
              .formatted(samplesName, samples, stepsName, made, steps));
    }
    return made;
  }

  static void length(long numTrainSteps, long trainSamples, RampupConfig rampup) {
    if (numTrainSteps == 0) {
      throw new IllegalArgumentException(
          "num_train_steps is missing: give it, or train_samples, or train_tokens");
    }
    if (rampup.ramps() && trainSamples == 0) {
      throw new IllegalArgumentException(
          "rampup_batch_size needs the length as train_samples or train_tokens: steps of a growing batch are no measure");
    }
  }

  static void rampup(RampupConfig rampup, int microBatch) {
    if (rampup.start() % microBatch != 0 || rampup.increment() % microBatch != 0) {
      throw new IllegalArgumentException(
          "per_device_train_batch_size %d does not divide rampup_batch_size.start %d and increment %d"
              .formatted(microBatch, rampup.start(), rampup.increment()));
    }
  }

  static void schedule(
      ScheduleConfig schedule,
      long numWarmupSteps,
      long numTrainSteps,
      RampupConfig rampup,
      int maxLength,
      int totalBatchSize,
      long trainSamples) {
    List<String> warmups = new ArrayList<>();
    name(warmups, "num_warmup_steps", numWarmupSteps != 0);
    name(warmups, "schedule.warmup_samples", schedule.warmupSamples() != 0);
    name(warmups, "schedule.warmup_tokens", schedule.warmupTokens() != 0);
    name(warmups, "schedule.warmup_fraction", schedule.warmupFraction() != 0);
    onlyOne(warmups);
    List<String> horizons = new ArrayList<>();
    name(horizons, "schedule.lr_decay_steps", schedule.lrDecaySteps() != 0);
    name(horizons, "schedule.lr_decay_samples", schedule.lrDecaySamples() != 0);
    name(horizons, "schedule.lr_decay_tokens", schedule.lrDecayTokens() != 0);
    onlyOne(horizons);
    if (rampup.ramps() && (numWarmupSteps != 0 || schedule.lrDecaySteps() != 0)) {
      throw new IllegalArgumentException(
          "%s counts steps of a growing batch (rampup_batch_size): give it in samples or tokens"
              .formatted(numWarmupSteps != 0 ? warmups.get(0) : horizons.get(0)));
    }
    if (schedule.lrDecayStyle() == LrDecayStyle.COSINE) {
      cosine(schedule, numWarmupSteps, numTrainSteps, rampup, warmups, horizons);
      return;
    }
    ScheduleHorizon horizon =
        horizon(
            schedule,
            numWarmupSteps,
            maxLength,
            totalBatchSize,
            horizonSamples(trainSamples, numTrainSteps, totalBatchSize));
    if (horizon.warmup() >= horizon.decay()) {
      throw new IllegalArgumentException(
          "%s leaves nothing of the %d samples of %s"
              .formatted(
                  warmups.isEmpty() ? "warm-up" : warmups.get(0),
                  horizon.decay(),
                  horizons.isEmpty() ? "the training" : horizons.get(0)));
    }
  }

  private static void cosine(
      ScheduleConfig schedule,
      long numWarmupSteps,
      long numTrainSteps,
      RampupConfig rampup,
      List<String> warmups,
      List<String> horizons) {
    if (rampup.ramps() || warmups.size() + horizons.size() > inSteps(schedule, numWarmupSteps)) {
      List<String> named = new ArrayList<>(warmups);
      named.addAll(horizons);
      throw new IllegalArgumentException(
          "schedule.lr_decay_style cosine counts steps and does not go with %s: choose megatron-cosine"
              .formatted(rampup.ramps() ? "rampup_batch_size" : String.join(", ", named)));
    }
    long horizon = schedule.lrDecaySteps() == 0 ? numTrainSteps : schedule.lrDecaySteps();
    if (numWarmupSteps >= horizon) {
      throw new IllegalArgumentException(
          "num_warmup_steps %d leaves nothing of %s %d"
              .formatted(
                  numWarmupSteps,
                  schedule.lrDecaySteps() == 0 ? "num_train_steps" : "schedule.lr_decay_steps",
                  horizon));
    }
  }

  private static int inSteps(ScheduleConfig schedule, long numWarmupSteps) {
    return (numWarmupSteps > 0 ? 1 : 0) + (schedule.lrDecaySteps() > 0 ? 1 : 0);
  }

  private static void name(List<String> named, String name, boolean given) {
    if (given) {
      named.add(name);
    }
  }

  private static void onlyOne(List<String> named) {
    if (named.size() > 1) {
      throw new IllegalArgumentException(
          "%s say the same thing: give one of them".formatted(String.join(" and ", named)));
    }
  }

  static long horizonSamples(long trainSamples, long numTrainSteps, int totalBatchSize) {
    return trainSamples != 0
        ? trainSamples
        : Math.multiplyExact(numTrainSteps, (long) totalBatchSize);
  }

  static ScheduleHorizon horizon(
      ScheduleConfig schedule,
      long numWarmupSteps,
      int maxLength,
      int totalBatchSize,
      long training) {
    long decay =
        first(
            schedule.lrDecaySteps() * totalBatchSize,
            schedule.lrDecaySamples(),
            schedule.lrDecayTokens() / maxLength,
            training);
    double warmup =
        schedule.warmupFraction() > 0
            ? schedule.warmupFraction() * decay
            : first(
                numWarmupSteps * totalBatchSize,
                schedule.warmupSamples(),
                schedule.warmupTokens() / maxLength,
                0);
    return new ScheduleHorizon(warmup, decay, training);
  }

  private static long first(long... values) {
    for (long value : values) {
      if (value != 0) {
        return value;
      }
    }
    return 0;
  }
}
