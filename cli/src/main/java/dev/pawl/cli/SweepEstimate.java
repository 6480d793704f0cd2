package dev.pawl.cli;

import dev.pawl.db.Database;
import dev.pawl.db.Owner;
import dev.pawl.experiments.CanonicalJson;
import dev.pawl.experiments.plan.Plan;
import dev.pawl.experiments.plan.PlannedRun;
import dev.pawl.experiments.plan.PlannedStage;
import dev.pawl.experiments.plan.StageKind;
import dev.pawl.experiments.stage.PretrainStageConfig;
import dev.pawl.model.architecture.Architecture;
import dev.pawl.model.config.CheckpointConfig;
import dev.pawl.model.config.TrainingConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * What the stages that are not done will take: tokens and checkpoints by arithmetic, time from what
 * this machine measured of models of the same shape, and what is unknown said to be.
 */
final class SweepEstimate {
  /** fp32 weights and two moments. */
  private static final long BYTES_A_PARAMETER = 12;

  private static final double MEBIBYTE = 1 << 20;

  private final Optional<Database> database;
  private final int maxInFlight;
  private final String host = Owner.hostName();
  private final Map<String, OptionalDouble> measured = new HashMap<>();
  private final Map<String, PlannedStage> toDo = new LinkedHashMap<>();
  private final Map<String, PlannedRun> runs = new HashMap<>();

  /**
   * An estimate of a plan.
   *
   * @param done keys of stages that are done
   */
  SweepEstimate(Plan plan, Set<String> done, Optional<Database> database, int maxInFlight) {
    this.database = database;
    this.maxInFlight = maxInFlight;
    for (PlannedRun run : plan.runs()) {
      for (PlannedStage stage : run.stages()) {
        if (!done.contains(stage.key())) {
          toDo.putIfAbsent(stage.key(), stage);
          runs.putIfAbsent(stage.key(), run);
        }
      }
    }
  }

  List<String> lines() {
    long trainings = 0;
    long tokens = 0;
    long kept = 0;
    long largest = 0;
    double seconds = 0;
    int unknown = 0;
    int timed = 0;
    for (PlannedStage stage : toDo.values()) {
      OptionalDouble time;
      if (stage.kind().equals(StageKind.PRETRAIN.id())) {
        PretrainStageConfig config =
            CanonicalJson.read(stage.configJson(), PretrainStageConfig.class);
        long own = tokens(config.training());
        long checkpoint = Architecture.of(config.model()).parameterCount() * BYTES_A_PARAMETER;
        trainings++;
        tokens += own;
        kept += checkpoint * checkpoints(config.training());
        largest = Math.max(largest, checkpoint * config.training().checkpoints().keepLast());
        time = trainingSeconds(config, own);
      } else {
        time = seconds(stage);
      }
      if (time.isPresent()) {
        seconds += time.getAsDouble();
        timed++;
      } else {
        unknown++;
      }
    }
    List<String> lines = new ArrayList<>();
    lines.add(line("tokens  %,d to train on, in %,d trainings", tokens, trainings));
    lines.add(
        line(
            "disk    %,.1f MiB for the checkpoints that stay and up to %,.1f MiB for those of runs under way; datasets are not counted",
            kept / MEBIBYTE, largest * Math.min(maxInFlight, trainings) / MEBIBYTE));
    lines.add(
        timed == 0
            ? line("time    unknown: this machine has done none of these stages for such models")
            : line(
                "time    %s of work, as measured here for the same models%s",
                words(seconds),
                unknown == 0
                    ? ""
                    : line("; of %,d of %,d stages it is unknown", unknown, toDo.size())));
    return lines;
  }

  private static long tokens(TrainingConfig training) {
    return training.batchSizes().after(0, training.stopSteps()) * training.maxLength();
  }

  private static long checkpoints(TrainingConfig training) {
    CheckpointConfig keep = training.checkpoints();
    long every = keep.keepEvery() == 0 ? 0 : training.stopSteps() / keep.keepEvery();
    return 1 + every + keep.keepBest();
  }

  private OptionalDouble trainingSeconds(PretrainStageConfig config, long tokens) {
    String model = CanonicalJson.write(config.model());
    OptionalDouble speed =
        measured.computeIfAbsent(
            "tokens " + model,
            key ->
                database
                    .map(
                        open ->
                            open.estimates()
                                .tokensPerSecond(
                                    model, config.deviceKind(), config.threads(), host))
                    .orElse(OptionalDouble.empty()));
    return speed.isPresent() && speed.getAsDouble() > 0
        ? OptionalDouble.of(tokens / speed.getAsDouble())
        : OptionalDouble.empty();
  }

  private OptionalDouble seconds(PlannedStage stage) {
    PlannedRun run = runs.get(stage.key());
    if (run == null) {
      return OptionalDouble.empty();
    }
    String model = CanonicalJson.write(run.model());
    return measured.computeIfAbsent(
        stage.kind() + stage.configJson() + model,
        key ->
            database
                .map(
                    open -> open.estimates().seconds(stage.kind(), stage.configJson(), model, host))
                .orElse(OptionalDouble.empty()));
  }

  private static String words(double seconds) {
    Duration duration = Duration.ofSeconds(Math.max(1, Math.round(seconds)));
    if (duration.toHours() > 0) {
      return line("%,d h %d min", duration.toHours(), duration.toMinutesPart());
    }
    return duration.toMinutes() > 0
        ? line("%d min %d s", duration.toMinutes(), duration.toSecondsPart())
        : line("%d s", duration.toSeconds());
  }

  private static String line(String format, Object... arguments) {
    return String.format(Locale.ROOT, format, arguments);
  }
}
