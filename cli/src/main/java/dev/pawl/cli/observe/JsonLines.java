package dev.pawl.cli.observe;

import ch.qos.logback.classic.pattern.ThrowableProxyConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.LayoutBase;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import dev.pawl.db.Secrets;
import java.util.TreeMap;

/**
 * A line of the log as one line of JSON: {@code time} (UTC), {@code level}, {@code logger}, {@code
 * thread}, {@code message}, the fields of the attempt it is about ({@code run}, {@code experiment},
 * {@code stage}, {@code attempt}, {@code worker}, {@code trace}) and, where something was thrown,
 * {@code error} with its stack.
 */
public final class JsonLines extends LayoutBase<ILoggingEvent> {
  private final ThrowableProxyConverter stacks = new ThrowableProxyConverter();
  private final JsonStringEncoder json = JsonStringEncoder.getInstance();

  @Override
  public void start() {
    stacks.start();
    super.start();
  }

  @Override
  public String doLayout(ILoggingEvent event) {
    StringBuilder line = new StringBuilder("{");
    add(line, "time", event.getInstant().toString());
    add(line, "level", event.getLevel().toString());
    add(line, "logger", event.getLoggerName());
    add(line, "thread", event.getThreadName());
    add(line, "message", String.valueOf(event.getFormattedMessage()));
    new TreeMap<>(event.getMDCPropertyMap()).forEach((name, value) -> add(line, name, value));
    if (event.getThrowableProxy() != null) {
      add(line, "error", stacks.convert(event));
    }
    return line.append("}\n").toString();
  }

  private void add(StringBuilder line, String name, String value) {
    line.append(line.length() == 1 ? "\"" : ",\"");
    json.quoteAsString(name, line);
    line.append("\":\"");
    // Whatever is logged, no secret gets into the file.
    json.quoteAsString(Secrets.masked(value), line);
    line.append('"');
  }
}
