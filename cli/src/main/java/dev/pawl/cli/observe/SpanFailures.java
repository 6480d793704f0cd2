package dev.pawl.cli.observe;

import dev.pawl.db.Secrets;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import java.io.PrintWriter;
import java.io.StringWriter;

/** What a span says of what was thrown in it: the usual event, without secrets. */
final class SpanFailures {
  private static final AttributeKey<String> TYPE = AttributeKey.stringKey("exception.type");
  private static final AttributeKey<String> MESSAGE = AttributeKey.stringKey("exception.message");
  private static final AttributeKey<String> STACK = AttributeKey.stringKey("exception.stacktrace");

  private SpanFailures() {}

  static void tell(Span span, Throwable thrown) {
    StringWriter stack = new StringWriter();
    thrown.printStackTrace(new PrintWriter(stack, true));
    span.addEvent(
        "exception",
        Attributes.of(
            TYPE,
            thrown.getClass().getName(),
            MESSAGE,
            Secrets.masked(String.valueOf(thrown.getMessage())),
            STACK,
            Secrets.masked(stack.toString())));
    span.setStatus(StatusCode.ERROR);
  }
}
