package dev.pawl.cli;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The pawl command. */
@Command(
    name = "pawl",
    mixinStandardHelpOptions = true,
    description = "Runs language-model experiments that must not be lost.",
    subcommands = {
      RunCommand.class,
      RunsCommand.class,
      ShowCommand.class,
      ResultsCommand.class,
      CompareCommand.class,
      SqlCommand.class,
      ReportCommand.class,
      RetryCommand.class,
      VerifyCommand.class,
      WishCommand.Pause.class,
      WishCommand.Resume.class,
      WishCommand.Stop.class,
      WishCommand.Cancel.class,
      ScoreCommand.class,
      GenerateCommand.class,
      EvalCommand.class,
      BenchCommand.class,
      ModelCommand.class,
      DataCommand.class,
      DoctorCommand.class,
      MigrateCommand.class,
      CommandLine.HelpCommand.class
    })
public final class Pawl implements Runnable {
  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Override
  public void run() {
    throw new CommandLine.ParameterException(spec.commandLine(), "a command is needed");
  }

  /** Runs a command and ends the process with its exit code. */
  public static void main(String[] arguments) {
    int code;
    try {
      if (!Terminal.isThere()) {
        // What goes into a file is the same in every locale.
        System.setOut(
            new PrintStream(
                new BufferedOutputStream(new FileOutputStream(FileDescriptor.out)),
                true,
                StandardCharsets.UTF_8));
      }
      LogFile.configure(Path.of(HomeOption.preset(arguments)));
      code = execute(arguments);
    } catch (Error e) {
      code = Failures.report(e);
    }
    // Schedulers leave threads behind that would keep the process alive.
    System.exit(code);
  }

  /** Runs a command and returns its exit code. */
  static int execute(String... arguments) {
    return commandLine()
        .setExecutionExceptionHandler((exception, line, result) -> Failures.report(exception))
        .setParameterExceptionHandler((exception, given) -> Failures.usage(exception))
        .execute(arguments);
  }

  /** The command with everything below it; each says the version. */
  static CommandLine commandLine() {
    CommandLine command = new CommandLine(new Pawl());
    sayVersion(command);
    return command;
  }

  private static void sayVersion(CommandLine command) {
    command.getCommandSpec().version("pawl " + Machines.codeVersion());
    command.getSubcommands().values().forEach(Pawl::sayVersion);
  }
}
