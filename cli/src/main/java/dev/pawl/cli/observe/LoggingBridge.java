package dev.pawl.cli.observe;

import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.slf4j.LoggerFactory;

/**
 * Brings what OpenTelemetry logs by the means of the JDK, such as a collector that is away, into
 * the log of the home instead of onto the terminal.
 */
final class LoggingBridge extends Handler {
  // Held: the JDK forgets a logger that nobody holds, and with it its handlers.
  private static final Logger OPEN_TELEMETRY = Logger.getLogger("io.opentelemetry");

  private final SimpleFormatter text = new SimpleFormatter();

  private LoggingBridge() {}

  /** Installs it, once. */
  static synchronized void install() {
    for (Handler handler : OPEN_TELEMETRY.getHandlers()) {
      if (handler instanceof LoggingBridge) {
        return;
      }
    }
    OPEN_TELEMETRY.setUseParentHandlers(false);
    OPEN_TELEMETRY.addHandler(new LoggingBridge());
  }

  @Override
  public void publish(LogRecord line) {
    org.slf4j.Logger log = LoggerFactory.getLogger(String.valueOf(line.getLoggerName()));
    String message = text.formatMessage(line);
    int level = line.getLevel().intValue();
    if (level >= Level.SEVERE.intValue()) {
      log.error(message, line.getThrown());
    } else if (level >= Level.WARNING.intValue()) {
      log.warn(message, line.getThrown());
    } else if (level >= Level.INFO.intValue()) {
      log.info(message, line.getThrown());
    } else {
      log.debug(message, line.getThrown());
    }
  }

  @Override
  public void flush() {}

  @Override
  public void close() {}
}
