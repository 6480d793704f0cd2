package dev.pawl.cli.observe;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.temporal.common.interceptors.WorkflowInboundCallsInterceptor;
import io.temporal.common.interceptors.WorkflowInboundCallsInterceptorBase;
import io.temporal.common.interceptors.WorkflowOutboundCallsInterceptor;
import io.temporal.common.interceptors.WorkflowOutboundCallsInterceptorBase;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowInfo;
import io.temporal.workflow.unsafe.WorkflowUnsafe;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * The span of one workflow. Its ids are made of the workflow's, so that they are the same however
 * often and wherever the workflow is played again; it is sent once, at the end, with the time at
 * which the workflow really began. What the workflow starts becomes part of it by its header.
 */
final class TracedWorkflow extends WorkflowInboundCallsInterceptorBase {
  private static final int TRACE_BYTES = 16;
  private static final int SPAN_BYTES = 8;

  private final Tracer tracer;
  private final GivenIds ids;
  private SpanContext self = SpanContext.getInvalid();

  TracedWorkflow(WorkflowInboundCallsInterceptor next, Tracer tracer, GivenIds ids) {
    super(next);
    this.tracer = tracer;
    this.ids = ids;
  }

  @Override
  public void init(WorkflowOutboundCallsInterceptor outboundCalls) {
    super.init(new Outbound(outboundCalls));
  }

  @Override
  public WorkflowOutput execute(WorkflowInput input) {
    WorkflowInfo info = Workflow.getInfo();
    Context parent = TraceHeader.read(input.getHeader());
    self = context(info.getRunId(), Span.fromContext(parent).getSpanContext());
    // A workflow that leaves the worker's memory ends with an Error: it goes on later.
    try {
      WorkflowOutput output = super.execute(input);
      ended(info, parent, null);
      return output;
    } catch (RuntimeException thrown) {
      ended(info, parent, thrown);
      throw thrown;
    }
  }

  private void ended(WorkflowInfo info, Context parent, @Nullable RuntimeException thrown) {
    if (WorkflowUnsafe.isReplaying()) {
      return;
    }
    Instant began = Instant.ofEpochMilli(info.getRunStartedTimestampMillis());
    SpanBuilder builder =
        tracer
            .spanBuilder("RunWorkflow:" + info.getWorkflowType())
            .setSpanKind(SpanKind.SERVER)
            .setParent(parent)
            .setAllAttributes(SpanNames.of(info.getWorkflowId()))
            .setAttribute("temporalRunID", info.getRunId())
            .setStartTimestamp(began);
    Span span = ids.during(self, builder::startSpan);
    if (thrown != null) {
      SpanFailures.tell(span, thrown);
    }
    // The scheduler may go by another clock.
    Instant now = Instant.now();
    span.end(now.isBefore(began) ? began : now);
  }

  /** The ids of a workflow's span: in its parent's trace, if it has a parent. */
  static SpanContext context(String runId, SpanContext parent) {
    ByteBuffer bytes = ByteBuffer.wrap(sha256(runId));
    byte[] trace = new byte[TRACE_BYTES];
    byte[] span = new byte[SPAN_BYTES];
    bytes.get(trace).get(span);
    HexFormat hex = HexFormat.of();
    return SpanContext.create(
        parent.isValid() ? parent.getTraceId() : hex.formatHex(trace),
        hex.formatHex(span),
        parent.isValid() ? parent.getTraceFlags() : TraceFlags.getSampled(),
        TraceState.getDefault());
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java knows SHA-256", e);
    }
  }

  /** What the workflow starts. */
  private final class Outbound extends WorkflowOutboundCallsInterceptorBase {
    Outbound(WorkflowOutboundCallsInterceptor next) {
      super(next);
    }

    @Override
    public <R> ActivityOutput<R> executeActivity(ActivityInput<R> input) {
      TraceHeader.write(self, input.getHeader());
      return super.executeActivity(input);
    }

    @Override
    public <R> ChildWorkflowOutput<R> executeChildWorkflow(ChildWorkflowInput<R> input) {
      TraceHeader.write(self, input.getHeader());
      return super.executeChildWorkflow(input);
    }

    @Override
    public void continueAsNew(ContinueAsNewInput input) {
      TraceHeader.write(self, input.getHeader());
      super.continueAsNew(input);
    }
  }
}
