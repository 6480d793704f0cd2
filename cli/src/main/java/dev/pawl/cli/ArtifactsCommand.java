package dev.pawl.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Groups the commands on artifacts that several hosts share. */
@Command(
    name = "artifacts",
    mixinStandardHelpOptions = true,
    description = "Artifacts that hosts share through the store of PAWL_STORE.",
    subcommands = {ArtifactsPushCommand.class, ArtifactsFetchCommand.class})
final class ArtifactsCommand implements Runnable {
  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Override
  public void run() {
    throw new CommandLine.ParameterException(spec.commandLine(), "a command is needed");
  }
}
