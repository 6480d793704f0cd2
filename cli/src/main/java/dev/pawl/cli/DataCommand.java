package dev.pawl.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Groups the commands on data at rest. */
@Command(
    name = "data",
    mixinStandardHelpOptions = true,
    description = "Checksum, unshard, preprocess, inspect, merge, repair and weigh data.",
    subcommands = {
      ChecksumCommand.class,
      UnshardCommand.class,
      InspectCommand.class,
      MergeCommand.class,
      RepairCommand.class,
      WeightsCommand.class,
      PreprocessCommand.class,
      DataBenchCommand.class
    })
final class DataCommand implements Runnable {
  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Override
  public void run() {
    throw new CommandLine.ParameterException(spec.commandLine(), "a command is needed");
  }
}
