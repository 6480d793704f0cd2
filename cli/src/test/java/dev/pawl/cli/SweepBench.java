package dev.pawl.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/**
 * What many runs cost the machine beside their work: a sweep of runs that share their training and
 * have two small stages of their own, beside the same experiment with one run. Run by hand:
 *
 * <pre>
 * java -cp TEST_CLASS_PATH [-Dpawl.launcher=PATH] dev.pawl.cli.SweepBench [RUNS] [MAX_IN_FLIGHT]
 * </pre>
 *
 * <p>It prints how long it took until the sweep was accepted, how fast {@code pawl runs} answered
 * meanwhile (the whole command, start of Java included), and processor time a stage: that of the
 * command and its PostgreSQL for all runs, less that for one, over the stages between.
 */
final class SweepBench {
  private static final String YAML =
      """
      experiment: many%d
      dataset: {stories: {documents: 60, valid_documents: 8, task_documents: 8, shards: 1}}
      models:
        one: {model_config: {num_hidden_layers: 1, hidden_size: 32, num_attention_heads: 2}}
      training:
        max_length: 64
        total_batch_size: 4
        num_train_steps: 4
        learning_rate: 1e-3
        save_steps: 4
        valid_samples: 4
      evaluation: {tasks: []}
      generation: {shapes: []}
      threads: 1
      sweep:
        max_in_flight: %d
        axes:
          # Decides nothing where nothing is measured, but is part of the stage's key.
          generation.memory_limit: {range: {from: 1, to: %d, step: 1}}
      """;

  private static final int TICKS_A_SECOND = 100;

  private SweepBench() {}

  public static void main(String[] arguments) throws Exception {
    int runs = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 1000;
    int inFlight = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 4;
    Path folder = Files.createTempDirectory("sweep-bench");
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    // A range needs two ends: two runs are the least.
    double few = run(folder, 2, inFlight);
    double many = run(folder, runs, inFlight);
    int stages = 9;
    say(
        "processor time beside work: %.1f ms a stage (%d runs of %d stages: %.1f s, 2 runs: %.1f s)",
        1000 * (many - few) / ((runs - 2.0) * stages), runs, stages, many, few);
  }

  /** Seconds of processor time of the command and all its children. */
  private static double run(Path folder, int runs, int inFlight) throws Exception {
    Path home = folder.resolve("home" + runs);
    Path file = folder.resolve("many" + runs + ".yaml");
    Files.writeString(file, YAML.formatted(runs, inFlight, runs));
    double before = children();
    long start = System.nanoTime();
    PawlProcess process =
        PawlProcess.start(folder, "run", file.toString(), "-o", "csv", "--home", home.toString());
    while (process.process.isAlive() && !process.err().contains("runs to do")) {
      Thread.sleep(20);
    }
    say("%d runs: accepted after %.1f s", runs, seconds(start));
    List<Double> answers = new ArrayList<>();
    double asking = 0;
    while (process.process.isAlive() && runs > 2) {
      Thread.sleep(20_000);
      double mine = children();
      long asked = System.nanoTime();
      PawlProcess list = PawlProcess.start(folder, "runs", "-o", "csv", "--home", home.toString());
      int answered = list.exitCode();
      double cost = children() - mine;
      // Of one that ended meanwhile the time is in there too.
      if (answered == 0 && process.process.isAlive()) {
        asking += cost;
        answers.add(seconds(asked));
        long done = list.out().lines().filter(line -> line.contains(",DONE,")).count();
        say("  %.1f s: %d done, 'pawl runs' took %.2f s", seconds(start), done, seconds(asked));
      }
    }
    int code = process.exitCode();
    say("%d runs: exit %d after %.1f s", runs, code, seconds(start));
    process.err().lines().filter(line -> line.startsWith("pawl: of ")).forEach(SweepBench::say);
    Collections.sort(answers);
    if (!answers.isEmpty()) {
      say(
          "'pawl runs': median %.2f s, longest %.2f s",
          answers.get(answers.size() / 2), answers.get(answers.size() - 1));
    }
    return children() - before - asking;
  }

  // Fields 16 and 17 of /proc/self/stat: of children that were waited for, and of theirs.
  private static double children() throws IOException {
    String stat = Files.readString(Path.of("/proc/self/stat"));
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    return (Double.parseDouble(fields[13]) + Double.parseDouble(fields[14])) / TICKS_A_SECOND;
  }

  private static double seconds(long start) {
    return Duration.ofNanos(System.nanoTime() - start).toMillis() / 1000.0;
  }

  private static void say(String format, Object... values) {
    System.out.println(values.length == 0 ? format : String.format(Locale.ROOT, format, values));
  }
}
