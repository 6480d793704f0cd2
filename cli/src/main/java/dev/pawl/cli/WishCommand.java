package dev.pawl.cli;

import dev.pawl.db.Database;
import dev.pawl.db.RunRow;
import dev.pawl.db.StageStatus;
import dev.pawl.db.Wish;
import java.util.List;
import java.util.Locale;
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
      paramLabel = "RUN",
      description = "Id or its beginning, name, or experiment/name.")
  private List<String> names;

  @Mixin private HomeOption home;

  @Override
  public Integer call() {
    try (Database database = Databases.existing(home.path())) {
      List<RunRow> runs = names.stream().map(name -> RunChoice.one(database, name)).toList();
      boolean all = true;
      for (RunRow run : runs) {
        String answer = ask(database, run);
        boolean granted = !answer.startsWith(REFUSAL);
        (granted ? System.out : System.err)
            .printf("%s%s %s: %s%n", granted ? "" : "pawl: ", run.id(), run.name(), answer);
        all &= granted;
      }
      return all ? ExitCode.DONE : ExitCode.BUSY;
    }
  }

  /** Asks, and says what will come of it; an answer that begins with REFUSAL is one. */
  abstract String ask(Database database, RunRow run);

  static String wish(Database database, RunRow run, Wish wish, String promise) {
    String verb = wish == Wish.CANCEL_NOW ? "cancel" : wish.name().toLowerCase(Locale.ROOT);
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
  }
}
