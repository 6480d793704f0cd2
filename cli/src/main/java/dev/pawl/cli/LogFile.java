package dev.pawl.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** Tells the logging configuration what its file is and looks like; before anything logs. */
final class LogFile {
  /** The variable that chooses between lines for people, {@code text}, and {@code json}. */
  static final String FORMAT = "PAWL_LOG_FORMAT";

  /** The property with the file's path. */
  static final String PATH = "pawl.log.file";

  /** The file where the property is not set: in the default home. */
  static final String DEFAULT = ".pawl/pawl.log";

  /** The property that is true where lines are JSON. */
  static final String JSON = "pawl.log.json";

  private LogFile() {}

  /** The file in the home, which is made; but 'pawl doctor' makes none. */
  static Path of(Path home, String... arguments) {
    boolean looksOnly = arguments.length > 0 && arguments[0].equals("doctor");
    return looksOnly && !Files.isDirectory(home) ? Path.of("/dev/null") : home.resolve("pawl.log");
  }

  static void configure(Path home, String... arguments) {
    System.setProperty(PATH, of(home, arguments).toString());
    String format = System.getenv(FORMAT);
    if (format == null || format.isBlank()) {
      return;
    }
    switch (format.strip().toLowerCase(Locale.ROOT)) {
      case "json" -> System.setProperty(JSON, "true");
      case "text" -> {}
      default ->
          System.err.printf("pawl: %s is '%s'; text or json: text is used%n", FORMAT, format);
    }
  }
}
