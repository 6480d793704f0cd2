package dev.pawl.cli.observe;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.temporal.api.common.v1.Payload;
import io.temporal.common.converter.DataConverterException;
import io.temporal.common.converter.DefaultDataConverter;
import io.temporal.common.interceptors.Header;
import java.util.HashMap;
import java.util.Map;

/**
 * The place of a span in the headers of Temporal: the fields of W3C's trace context as a map, under
 * the name that Temporal's own SDKs use.
 */
final class TraceHeader {
  private static final String NAME = "_tracer-data";
  private static final W3CTraceContextPropagator W3C = W3CTraceContextPropagator.getInstance();

  private static final TextMapGetter<Map<?, ?>> FIELDS =
      (fields, name) -> {
        Object value = fields == null ? null : fields.get(name);
        return value == null ? null : value.toString();
      };

  private TraceHeader() {}

  /** Writes a span that what the header goes with is part of. */
  static void write(SpanContext span, Header header) {
    Map<String, String> fields = new HashMap<>();
    W3C.inject(Context.root().with(Span.wrap(span)), fields, Map::put);
    DefaultDataConverter.STANDARD_INSTANCE
        .toPayload(fields)
        .ifPresent(payload -> header.getValues().put(NAME, payload));
  }

  /** The span that a header names; of a header that names none, no span. */
  static Context read(Header header) {
    Payload payload = header.getValues().get(NAME);
    if (payload == null) {
      return Context.root();
    }
    try {
      Map<?, ?> fields =
          DefaultDataConverter.STANDARD_INSTANCE.fromPayload(payload, Map.class, Map.class);
      return W3C.extract(Context.root(), fields, FIELDS);
    } catch (DataConverterException foreign) {
      return Context.root();
    }
  }
}
