package dev.pawl.cli;

import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import java.nio.file.Files;
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
    Path absolute = home.toAbsolutePath().normalize();
    boolean folder =
        !home.toString().isBlank() && (!Files.exists(absolute) || Files.isDirectory(absolute));
    if (!folder) {
      throw new PawlException(
          FailureCause.CONFIG, "home '%s' is no folder; name one with --home".formatted(home));
    }
    return absolute;
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
