package dev.pawl.cli.observe;

import dev.pawl.activities.protocol.Attempt;
import dev.pawl.activities.protocol.AttemptEnd;
import dev.pawl.activities.protocol.AttemptObserver;
import dev.pawl.activities.protocol.AttemptPhase;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/**
 * The spans of one attempt: its parts, below the span of its activity, which says what attempt it
 * is and how it ended.
 */
final class AttemptSpans implements AttemptObserver {
  private final Tracer tracer;
  private final Context activity;
  private final Attributes attributes;

  private AttemptSpans(Tracer tracer, Context activity, Attributes attributes) {
    this.tracer = tracer;
    this.activity = activity;
    this.attributes = attributes;
  }

  /** Spans of an attempt that has just claimed its stage, in the thread of its activity. */
  static AttemptSpans begun(Tracer tracer, Attempt attempt, Duration claiming) {
    Attributes attributes =
        Attributes.builder()
            .put(SpanNames.EXPERIMENT, attempt.experimentId())
            .put(SpanNames.RUN, attempt.runId())
            .put("pawl.run.name", attempt.runName())
            .put("pawl.stage", attempt.stage())
            .put("pawl.stage.key", attempt.key())
            .put("pawl.attempt", (long) attempt.number())
            .put("pawl.worker", attempt.worker())
            .build();
    Context activity = Context.current();
    Span.current().setAllAttributes(attributes);
    Instant now = Instant.now();
    tracer
        .spanBuilder("claim")
        .setParent(activity)
        .setAllAttributes(attributes)
        .setStartTimestamp(now.minus(claiming))
        .startSpan()
        .end(now);
    return new AttemptSpans(tracer, activity, attributes);
  }

  // Closing the scope is all that is done with it.
  @SuppressWarnings("try")
  @Override
  public <T, X extends Exception> T during(AttemptPhase phase, Work<T, X> work) throws X {
    // A thread that the attempt started has no span of its own yet.
    boolean inside = Span.current().getSpanContext().isValid();
    Span span =
        tracer
            .spanBuilder(phase.id())
            .setParent(inside ? Context.current() : activity)
            .setAllAttributes(attributes)
            .startSpan();
    try (Scope scope = span.makeCurrent()) {
      return work.run();
    } catch (Throwable thrown) {
      SpanFailures.tell(span, thrown);
      throw thrown;
    } finally {
      span.end();
    }
  }

  @Override
  public void ended(AttemptEnd end, String cause) {
    Span span = Span.fromContext(activity);
    span.setAttribute("pawl.outcome", end.id());
    if (!cause.isEmpty()) {
      span.setAttribute("pawl.cause", cause);
    }
  }

  @Override
  public Map<String, String> logFields() {
    return Map.of("trace", Span.fromContext(activity).getSpanContext().getTraceId());
  }
}
