package dev.pawl.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** What there is to know and to do about models without running anything. */
@Command(
    name = "model",
    mixinStandardHelpOptions = true,
    description = "Named configurations, sizes and costs.",
    subcommands = {
      ModelListCommand.class,
      ModelDescribeCommand.class,
      ModelImportCommand.class,
      ModelExportCommand.class
    })
final class ModelCommand implements Runnable {
  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Override
  public void run() {
    throw new CommandLine.ParameterException(spec.commandLine(), "a subcommand is needed");
  }
}
