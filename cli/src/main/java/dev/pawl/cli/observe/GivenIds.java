package dev.pawl.cli.observe;

import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.sdk.trace.IdGenerator;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Ids of spans: random ones, except where a span must have those that it had before. */
final class GivenIds implements IdGenerator {
  private static final ThreadLocal<@Nullable SpanContext> GIVEN = new ThreadLocal<>();

  private final IdGenerator random = IdGenerator.random();

  /** Lets a span that is started meanwhile, in this thread, have given ids. */
  <T> T during(SpanContext ids, Supplier<T> work) {
    GIVEN.set(ids);
    try {
      return work.get();
    } finally {
      GIVEN.remove();
    }
  }

  @Override
  public String generateSpanId() {
    SpanContext ids = GIVEN.get();
    return ids == null ? random.generateSpanId() : ids.getSpanId();
  }

  @Override
  public String generateTraceId() {
    SpanContext ids = GIVEN.get();
    return ids == null ? random.generateTraceId() : ids.getTraceId();
  }
}
