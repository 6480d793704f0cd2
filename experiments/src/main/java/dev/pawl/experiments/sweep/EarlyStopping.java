package dev.pawl.experiments.sweep;

import static java.util.stream.Collectors.joining;

import dev.pawl.experiments.yaml.YamlNode;
import dev.pawl.model.config.Setting;
import dev.pawl.model.config.TrainingConfig;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

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
  Rungs rungs(TrainingConfig training) {
    return Rungs.between(minSteps, training.stopSteps(), reductionFactor);
  }

  /**
   * What stands against it for the runs of a sweep, each as {@code place: key: what}, once; none
   * when nothing does.
   *
   * @param section as it was written
   */
  Set<String> problems(@Nullable YamlNode section, List<SweepRun> runs) {
    Set<String> problems = new LinkedHashSet<>();
    Set<Rungs> rungs = new LinkedHashSet<>();
    for (SweepRun run : runs) {
      TrainingConfig training = run.loaded().spec().training();
      problems.addAll(problems(training));
      rungs.add(rungs(training));
    }
    if (rungs.size() > 1) {
      problems.add(
          "min_steps: runs whose trainings end at different steps cannot be compared: they have the rungs "
              + rungs.stream().map(each -> each.steps().toString()).collect(joining(" and ")));
    } else if (problems.isEmpty()) {
      problems.addAll(problems(rungs.iterator().next(), runs.size()));
    }
    String place = section == null ? "" : section.place();
    return problems.stream()
        .map(problem -> "%s: sweep.early_stopping.%s".formatted(place, problem))
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  /** The steps at which all runs are compared. */
  public Rungs rungs(List<SweepRun> runs) {
    return rungs(runs.get(0).loaded().spec().training());
  }

  /**
   * What stands against it for a run, each as {@code key: what}, the key below this section's; none
   * when nothing does.
   *
   * @param training of the run
   */
  List<String> problems(TrainingConfig training) {
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
  List<String> problems(Rungs rungs, int runs) {
    return runs >= rungs.fewestRuns()
        ? List.of()
        : List.of(
            "min_steps: of %d runs none reaches the last of the rungs %s: it takes %d runs; raise min_steps or give more runs"
                .formatted(runs, rungs.steps(), rungs.fewestRuns()));
  }
}
