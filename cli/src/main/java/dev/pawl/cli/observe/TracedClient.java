package dev.pawl.cli.observe;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.temporal.common.interceptors.WorkflowClientCallsInterceptor;
import io.temporal.common.interceptors.WorkflowClientCallsInterceptorBase;
import io.temporal.common.interceptors.WorkflowClientInterceptorBase;

/** Begins a trace where a workflow is asked for. */
final class TracedClient extends WorkflowClientInterceptorBase {
  private final Tracer tracer;

  TracedClient(Tracer tracer) {
    this.tracer = tracer;
  }

  @Override
  public WorkflowClientCallsInterceptor workflowClientCallsInterceptor(
      WorkflowClientCallsInterceptor next) {
    return new Calls(next);
  }

  private final class Calls extends WorkflowClientCallsInterceptorBase {
    Calls(WorkflowClientCallsInterceptor next) {
      super(next);
    }

    @Override
    public WorkflowStartOutput start(WorkflowStartInput input) {
      Span span =
          tracer
              .spanBuilder("StartWorkflow:" + input.getWorkflowType())
              .setSpanKind(SpanKind.CLIENT)
              .setAllAttributes(SpanNames.of(input.getWorkflowId()))
              .startSpan();
      try {
        TraceHeader.write(span.getSpanContext(), input.getHeader());
        return super.start(input);
      } catch (RuntimeException thrown) {
        SpanFailures.tell(span, thrown);
        throw thrown;
      } finally {
        span.end();
      }
    }
  }
}
