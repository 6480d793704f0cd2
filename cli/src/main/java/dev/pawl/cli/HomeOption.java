package dev.pawl.cli;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Where everything is kept. */
final class HomeOption {
  @Option(
      names = "--home",
      paramLabel = "DIR",
      description = "Folder of artifacts and database (PAWL_HOME, default ./.pawl).")
  private Path home = Path.of(preset());

  Path path() {
    return home.toAbsolutePath().normalize();
  }

  private static String preset() {
    String variable = System.getenv("PAWL_HOME");
    return variable == null || variable.isBlank() ? ".pawl" : variable;
  }

  /** The home of a command line that is not parsed yet. */
  static String preset(String[] arguments) {
    for (int i = 0; i < arguments.length; i++) {
      if (arguments[i].startsWith("--home=")) {
        return arguments[i].substring("--home=".length());
      }
      if (arguments[i].equals("--home") && i + 1 < arguments.length) {
        return arguments[i + 1];
      }
    }
    return preset();
  }
}
