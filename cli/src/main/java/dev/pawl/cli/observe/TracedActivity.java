package dev.pawl.cli.observe;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Scope;
import io.temporal.activity.ActivityExecutionContext;
import io.temporal.activity.ActivityInfo;
import io.temporal.common.interceptors.ActivityInboundCallsInterceptor;
import io.temporal.common.interceptors.ActivityInboundCallsInterceptorBase;
import org.jspecify.annotations.Nullable;

/** The span of one try of an activity, current in its thread. */
final class TracedActivity extends ActivityInboundCallsInterceptorBase {
  private final Tracer tracer;
  private @Nullable ActivityExecutionContext context;

  TracedActivity(ActivityInboundCallsInterceptor next, Tracer tracer) {
    super(next);
    this.tracer = tracer;
  }

  @Override
  public void init(ActivityExecutionContext given) {
    context = given;
    super.init(given);
  }

  // Closing the scope is all that is done with it.
  @SuppressWarnings("try")
  @Override
  public ActivityOutput execute(ActivityInput input) {
    ActivityExecutionContext known = context;
    if (known == null) {
      return super.execute(input);
    }
    ActivityInfo info = known.getInfo();
    Span span =
        tracer
            .spanBuilder("RunActivity:" + info.getActivityType())
            .setSpanKind(SpanKind.SERVER)
            .setParent(TraceHeader.read(input.getHeader()))
            .setAllAttributes(SpanNames.of(String.valueOf(info.getWorkflowId())))
            .setAttribute("temporalActivityID", info.getActivityId())
            .setAttribute("temporal.try", (long) info.getAttempt())
            .startSpan();
    try (Scope scope = span.makeCurrent()) {
      return super.execute(input);
    } catch (RuntimeException | Error thrown) {
      SpanFailures.tell(span, thrown);
      throw thrown;
    } finally {
      span.end();
    }
  }
}
