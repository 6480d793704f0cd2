package dev.pawl.cli;

import dev.pawl.db.DatabaseUnavailableException;
import dev.pawl.experiments.ConfigException;
import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import java.nio.file.Path;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The pawl command. */
@Command(
    name = "pawl",
    mixinStandardHelpOptions = true,
    version = "pawl 0.1.0",
    description = "Runs language-model experiments that must not be lost.",
    subcommands = {
      RunCommand.class,
      RunsCommand.class,
      ShowCommand.class,
      ResultsCommand.class,
      DataCommand.class
    })
public final class Pawl implements Runnable {
  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Override
  public void run() {
    throw new CommandLine.ParameterException(spec.commandLine(), "a command is needed");
  }

  /** Runs a command and ends the process with its exit code. */
  public static void main(String[] arguments) {
    LogFile.configure(Path.of(HomeOption.preset(arguments)));
    // Schedulers leave threads behind that would keep the process alive.
    System.exit(execute(arguments));
  }

  /** Runs a command and returns its exit code. */
  static int execute(String... arguments) {
    CommandLine command = new CommandLine(new Pawl());
    command.setExecutionExceptionHandler(
        (exception, line, result) -> {
          System.err.println("pawl: " + describe(exception));
          return code(exception);
        });
    return command.execute(arguments);
  }

  private static String describe(Exception exception) {
    boolean known =
        exception instanceof ConfigException
            || exception instanceof PawlException
            || exception instanceof NotFoundException
            || exception instanceof DatabaseUnavailableException;
    if (known) {
      return exception.getMessage();
    }
    org.slf4j.LoggerFactory.getLogger(Pawl.class).error("unexpected failure", exception);
    return "BUG: %s (pawl.log in the home folder has the details)".formatted(exception);
  }

  private static int code(Exception exception) {
    if (exception instanceof ConfigException) {
      return ExitCode.USAGE;
    }
    if (exception instanceof NotFoundException) {
      return ExitCode.NOT_FOUND;
    }
    if (exception instanceof PawlException failure
        && failure.failureCause() == FailureCause.CONFIG) {
      return ExitCode.USAGE;
    }
    return ExitCode.FAILED;
  }
}
