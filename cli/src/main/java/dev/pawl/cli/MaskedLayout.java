package dev.pawl.cli;

import ch.qos.logback.classic.PatternLayout;
import ch.qos.logback.classic.spi.ILoggingEvent;
import dev.pawl.db.Secrets;

/** Lines of the log, with their exceptions, without secrets. */
final class MaskedLayout extends PatternLayout {
  @Override
  public String doLayout(ILoggingEvent event) {
    return Secrets.masked(super.doLayout(event));
  }
}
