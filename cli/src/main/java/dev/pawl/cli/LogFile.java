package dev.pawl.cli;

import java.nio.file.Path;
import java.util.Locale;

/** Tells the logging configuration what its file is and looks like; before anything logs. */
final class LogFile {
  /** The variable that chooses between lines for people, {@code text}, and {@code json}. */
  static final String FORMAT = "PAWL_LOG_FORMAT";

  private static final String JSON_CONFIGURATION = "logback-json.xml";

  private LogFile() {}

  static void configure(Path home) {
    System.setProperty("pawl.log.file", home.resolve("pawl.log").toString());
    String format = System.getenv(FORMAT);
    if (format == null || format.isBlank()) {
      return;
    }
    switch (format.strip().toLowerCase(Locale.ROOT)) {
      case "json" -> System.setProperty("logback.configurationFile", JSON_CONFIGURATION);
      case "text" -> {}
      default ->
          System.err.printf("pawl: %s is '%s'; text or json: text is used%n", FORMAT, format);
    }
  }
}
