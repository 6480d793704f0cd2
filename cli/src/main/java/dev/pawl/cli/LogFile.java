package dev.pawl.cli;

import java.nio.file.Path;

/** Tells the logging configuration where its file is; must run before anything logs. */
final class LogFile {
  private LogFile() {}

  static void configure(Path home) {
    System.setProperty("pawl.log.file", home.resolve("pawl.log").toString());
  }
}
