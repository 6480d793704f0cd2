package dev.pawl.activities.protocol;

import dev.pawl.db.Database;
import dev.pawl.db.JdbcSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A stage whose steps are naps and whose checkpoint is a file with a number; as a program, a worker
 * in a process of its own that dies after a step.
 *
 * @param steps steps to the end
 * @param saveSteps steps between two saves
 * @param lastStep after which the process halts; 0 for never
 */
record SlowTraining(int steps, int saveSteps, int lastStep) implements OneStage.Body {
  static final long STEP_MILLISECONDS = 20;
  static final long SAVE_MILLISECONDS = 200;
  private static final int KILLED = 137;

  @Override
  public void execute(StageContext context) throws Exception {
    Path saved = context.work().resolve("step");
    int step = Files.exists(saved) ? Integer.parseInt(Files.readString(saved)) : 0;
    context.time().resumedAfter(step);
    long since = System.nanoTime();
    while (step < steps) {
      try {
        context.progress(StageProgress.of("steps", step, steps));
      } catch (StageCancelledException stop) {
        save(context, saved, step);
        throw stop;
      }
      Thread.sleep(STEP_MILLISECONDS);
      step++;
      if (step % saveSteps == 0 || step == steps) {
        save(context, saved, step);
        since = System.nanoTime();
      }
      if (step == lastStep) {
        Files.writeString(lost(context.work()), Long.toString(System.nanoTime() - since));
        Runtime.getRuntime().halt(KILLED);
      }
    }
    Files.writeString(context.output().resolve("letter.txt"), "hello");
  }

  /** Where a dying process leaves the nanoseconds since its last save. */
  static Path lost(Path work) {
    return work.resolve("lost");
  }

  private static void save(StageContext context, Path saved, int step) throws Exception {
    context
        .time()
        .saving(
            step,
            () -> {
              Thread.sleep(SAVE_MILLISECONDS);
              return Files.writeString(saved, Integer.toString(step));
            });
  }

  public static void main(String[] arguments) throws IOException {
    JdbcSettings settings =
        new JdbcSettings(arguments[0], optional(arguments[1]), optional(arguments[2]));
    try (Database database = Database.open(settings)) {
      OneStage.attach(database, Path.of(arguments[3]), arguments[4])
          .run(
              new SlowTraining(
                  Integer.parseInt(arguments[5]),
                  Integer.parseInt(arguments[6]),
                  Integer.parseInt(arguments[7])));
    }
  }

  private static Optional<String> optional(String argument) {
    return argument.isEmpty() ? Optional.empty() : Optional.of(argument);
  }
}
