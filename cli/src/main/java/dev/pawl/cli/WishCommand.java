package dev.pawl.cli;

import dev.pawl.db.Database;
import dev.pawl.db.RunRow;
import dev.pawl.db.StageStatus;
import dev.pawl.db.SweepRow;
import dev.pawl.db.Wish;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What an operator asks of a run from a second terminal; its worker answers within a step. */
abstract class WishCommand implements Callable<Integer> {
  private static final String REFUSAL = "nothing to ";

  @Parameters(
      arity = "1..*",
      paramLabel = "RUN|SWEEP",
      description =
          "Id or its beginning, name, or experiment/name; or the name of a sweep: all of its runs.")
  private List<String> names;

  @Mixin private HomeOption home;

  @Override
  public Integer call() {
    try (Database database = Databases.existing(home.path())) {
      boolean all = true;
      // Names first, so that a mistake in one of them is told before anything is asked.
      Map<String, Optional<SweepRow>> sweeps = new LinkedHashMap<>();
      names.forEach(name -> sweeps.put(name, RunChoice.sweep(database, name)));
      List<RunRow> runs =
          names.stream()
              .filter(name -> sweeps.get(name).isEmpty())
              .map(name -> RunChoice.one(database, name))
              .toList();
      for (SweepRow sweep : sweeps.values().stream().flatMap(Optional::stream).toList()) {
        all &= told(sweep.experimentId(), sweep.name(), askAll(database, sweep));
      }
      for (RunRow run : runs) {
        all &= told(run.id(), run.name(), ask(database, run));
      }
      return all ? ExitCode.DONE : ExitCode.BUSY;
    }
  }

  private static boolean told(String id, String name, String answer) {
    boolean granted = !answer.startsWith(REFUSAL);
    (granted ? System.out : System.err)
        .printf("%s%s %s: %s%n", granted ? "" : "pawl: ", id, name, answer);
    return granted;
  }

  /** The same of all runs of a sweep that have not ended. */
  abstract String askAll(Database database, SweepRow sweep);

  static String wishOfAll(Database database, SweepRow sweep, Wish wish, String promise) {
    int asked = database.controls().wishOfAll(sweep.experimentId(), wish);
    return asked > 0
        ? "%,d runs: %s".formatted(asked, promise)
        : REFUSAL + "%s: no run of the sweep waits or goes on".formatted(verb(wish));
  }

  private static String verb(Wish wish) {
    return wish == Wish.CANCEL_NOW ? "cancel" : wish.name().toLowerCase(Locale.ROOT);
  }

  /** Asks, and says what will come of it; an answer that begins with REFUSAL is one. */
  abstract String ask(Database database, RunRow run);

  static String wish(Database database, RunRow run, Wish wish, String promise) {
    String verb = verb(wish);
    boolean served =
        new Liveness(database).interrupted(run).isEmpty()
            && database.experiments().stagesOf(run.id()).stream()
                .anyMatch(stage -> stage.status() == StageStatus.RUNNING);
    String noted = served ? promise : "noted, but no worker is at a stage of it now";
    return database.controls().wish(run.id(), wish)
        ? noted
        : REFUSAL + "%s: the run is %s".formatted(verb, run.status());
  }

  /** Saves and waits. */
  @Command(
      name = "pause",
      mixinStandardHelpOptions = true,
      description = "Save and wait, until 'pawl resume'.")
  static final class Pause extends WishCommand {
    @Override
    String ask(Database database, RunRow run) {
      return wish(database, run, Wish.PAUSE, "saves after its step and waits");
    }

    @Override
    String askAll(Database database, SweepRow sweep) {
      return wishOfAll(database, sweep, Wish.PAUSE, "what goes on saves after its step and waits");
    }
  }

  /** Goes on. */
  @Command(name = "resume", mixinStandardHelpOptions = true, description = "Go on after a pause.")
  static final class Resume extends WishCommand {
    @Override
    String ask(Database database, RunRow run) {
      if (database.controls().of(run.id()).filter(Wish.PAUSE::equals).isEmpty()) {
        return REFUSAL + "resume: the run is %s and not asked to pause".formatted(run.status());
      }
      database.controls().clear(List.of(run.id()));
      return "goes on";
    }

    @Override
    String askAll(Database database, SweepRow sweep) {
      int resumed = database.controls().resumeAll(sweep.experimentId());
      return resumed > 0
          ? "%,d runs: go on".formatted(resumed)
          : REFUSAL + "resume: no run of the sweep is asked to pause";
    }
  }

  /** Saves and ends; may be taken up again. */
  @Command(
      name = "stop",
      mixinStandardHelpOptions = true,
      description = "Save and end; 'pawl retry' takes it up again.")
  static final class Stop extends WishCommand {
    @Override
    String ask(Database database, RunRow run) {
      return wish(database, run, Wish.STOP, "saves after its step and ends");
    }

    @Override
    String askAll(Database database, SweepRow sweep) {
      return wishOfAll(
          database,
          sweep,
          Wish.STOP,
          "what goes on saves after its step and ends; no other begins");
    }
  }

  /** Ends for good. */
  @Command(name = "cancel", mixinStandardHelpOptions = true, description = "Save and end for good.")
  static final class Cancel extends WishCommand {
    @Option(names = "--now", description = "Do not save first.")
    private boolean now;

    @Override
    String ask(Database database, RunRow run) {
      return now
          ? wish(database, run, Wish.CANCEL_NOW, "ends after its step, without saving")
          : wish(database, run, Wish.CANCEL, "saves after its step and ends");
    }

    @Override
    String askAll(Database database, SweepRow sweep) {
      return now
          ? wishOfAll(
              database,
              sweep,
              Wish.CANCEL_NOW,
              "what goes on ends after its step, without saving; no other begins")
          : wishOfAll(
              database,
              sweep,
              Wish.CANCEL,
              "what goes on saves after its step and ends; no other begins");
    }
  }
}
