package dev.pawl.cli;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The pawl command. */
@Command(
    name = "pawl",
    mixinStandardHelpOptions = true,
    description = "Runs language-model experiments that must not be lost.")
public final class Pawl implements Runnable {
  private static final List<Class<?>> COMMANDS =
      List.of(
          RunCommand.class,
          SubmitCommand.class,
          WorkerCommand.class,
          WorkersCommand.class,
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
          ArtifactsCommand.class,
          DataCommand.class,
          DoctorCommand.class,
          MigrateCommand.class,
          CommandLine.HelpCommand.class);

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
      LogFile.configure(Path.of(HomeOption.preset(arguments)), arguments);
      code = execute(arguments);
    } catch (Error e) {
      code = Failures.report(e);
    }
    // Schedulers leave threads behind that would keep the process alive.
    System.exit(code);
  }

  /** Runs a command and returns its exit code. */
  static int execute(String... arguments) {
    return commandLine(commandsFor(arguments))
        .setExecutionExceptionHandler((exception, line, result) -> Failures.report(exception))
        .setParameterExceptionHandler((exception, given) -> Failures.usage(exception))
        .execute(arguments);
  }

  /** The command with everything below it; each says the version. */
  static CommandLine commandLine() {
    return commandLine(COMMANDS);
  }

  private static CommandLine commandLine(List<Class<?>> commands) {
    CommandLine command = new CommandLine(new Pawl());
    commands.forEach(command::addSubcommand);
    sayVersion(command);
    return command;
  }

  // Reading the options of all commands takes a fifth of a second: where the first word is one of
  // them, the others are left out.
  private static List<Class<?>> commandsFor(String... arguments) {
    return COMMANDS.stream()
        .filter(type -> type != CommandLine.HelpCommand.class)
        .filter(type -> arguments.length > 0 && name(type).equals(arguments[0]))
        .findFirst()
        .<List<Class<?>>>map(List::of)
        .orElse(COMMANDS);
  }

  private static String name(Class<?> type) {
    return type.getAnnotation(Command.class).name();
  }

  private static void sayVersion(CommandLine command) {
    command.getCommandSpec().version("pawl " + Machines.codeVersion());
    command.getSubcommands().values().forEach(Pawl::sayVersion);
  }
}
