package dev.pawl.experiments.sweep;

import dev.pawl.model.config.Setting;
import dev.pawl.model.config.TrainingConfig;
import java.util.ArrayList;
import java.util.List;

/**
 * Which runs of a sweep end before their last step. A run trains to the step of a rung and rests
 * there with its checkpoint; one that is promoted goes on from it, bit for bit.
 */
public record EarlyStopping(
    @Setting(doc = "asha.", defaultValue = "asha") StoppingMethod method,
    @Setting(
            doc = "What runs are compared by: valid_loss or train_loss.",
            defaultValue = "valid_loss")
        StoppingMetric metric,
    @Setting(doc = "Which values are the better ones: min or max.", defaultValue = "min")
        StoppingMode mode,
    @Setting(
            doc = "Of so many runs of a rung one goes on, for so many times as many steps.",
            defaultValue = "3",
            min = 2)
        int reductionFactor,
    @Setting(doc = "Optimizer step of the first rung.", min = 1) long minSteps,
    @Setting(
            doc =
                "Optimizer step of the last rung; 0 is the last step of the training, and nothing"
                    + " else is possible: end the training earlier with training.stop_steps.",
            defaultValue = "0",
            min = 0)
        long maxSteps) {

  /** The steps at which runs of this training are compared. */
  public Rungs rungs(TrainingConfig training) {
    return Rungs.between(minSteps, training.stopSteps(), reductionFactor);
  }

  /**
   * What stands against it for a run, each as {@code key: what}, the key below this section's; none
   * when nothing does.
   *
   * @param training of the run
   */
  public List<String> problems(TrainingConfig training) {
    List<String> problems = new ArrayList<>();
    long end = training.stopSteps();
    if (maxSteps != 0 && maxSteps != end) {
      problems.add(
          "max_steps: %d is not the last step %d of the training; leave it out, or end the training there with training.stop_steps=%d"
              .formatted(maxSteps, end, maxSteps));
    }
    if (minSteps > end / reductionFactor) {
      problems.add(
          "min_steps: %d leaves no rung below the last step %d of the training: %d or less, for a reduction_factor of %d"
              .formatted(minSteps, end, end / reductionFactor, reductionFactor));
    }
    long every = metric.everySteps(training);
    if (minSteps % every != 0) {
      problems.add(
          "min_steps: %d is not a multiple of training.%s %d, so that a rung would have no %s; make it one, or set training.%s=%d"
              .formatted(
                  minSteps, metric.interval(), every, metric.id(), metric.interval(), minSteps));
    }
    if (training.earlyEnd().maxTrainMinutes() > 0) {
      problems.add(
          "method: a clock would decide how far a run comes, and with it which runs go on: take training.early_end.max_train_minutes out");
    }
    return problems;
  }

  /**
   * What stands against it for so many runs; empty when nothing does.
   *
   * @param rungs of all runs
   */
  public List<String> problems(Rungs rungs, int runs) {
    return runs >= rungs.fewestRuns()
        ? List.of()
        : List.of(
            "min_steps: of %d runs none reaches the last of the rungs %s: it takes %d runs; raise min_steps or give more runs"
                .formatted(runs, rungs.steps(), rungs.fewestRuns()));
  }
}
