package dev.pawl.cli.observe;

import dev.pawl.activities.protocol.Attempt;
import dev.pawl.activities.protocol.AttemptObserver;
import dev.pawl.db.Owner;
import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.spi.ConfigurationException;
import io.opentelemetry.sdk.resources.Resource;
import io.temporal.common.interceptors.WorkerInterceptor;
import io.temporal.common.interceptors.WorkflowClientInterceptor;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Traces from the command that asks for an experiment, through its workflows and their activities,
 * to the parts of each attempt; sent where the standard variables of OpenTelemetry say.
 *
 * <p>Temporal's own interceptors speak OpenTracing, whose bridge OpenTelemetry is about to give up,
 * and begin the span of a workflow anew each time that it is played again. Those here do neither.
 */
final class Traces implements AutoCloseable {
  private static final String SCOPE = "dev.pawl";

  /** What holds where the environment says nothing else. */
  private static final Map<String, String> DEFAULTS =
      Map.of(
          "otel.service.name", "pawl",
          "otel.traces.exporter", "otlp",
          "otel.metrics.exporter", "none",
          "otel.logs.exporter", "none",
          "otel.exporter.otlp.protocol", "http/protobuf");

  private final OpenTelemetrySdk sdk;
  private final GivenIds ids;
  private final Tracer tracer;

  private Traces(OpenTelemetrySdk sdk, GivenIds ids) {
    this.sdk = sdk;
    this.ids = ids;
    this.tracer = sdk.getTracer(SCOPE);
  }

  /**
   * Starts what the environment describes.
   *
   * @throws PawlException CONFIG when it describes nothing that could be sent
   */
  static Traces start(ObserveSettings settings) {
    LoggingBridge.install();
    Resource self =
        Resource.create(
            Attributes.of(
                AttributeKey.stringKey("service.version"),
                settings.version(),
                AttributeKey.stringKey("host.name"),
                Owner.hostName(),
                AttributeKey.longKey("process.pid"),
                ProcessHandle.current().pid()));
    GivenIds ids = new GivenIds();
    try {
      OpenTelemetrySdk sdk =
          AutoConfiguredOpenTelemetrySdk.builder()
              .addPropertiesSupplier(() -> DEFAULTS)
              .addPropertiesCustomizer(properties -> properties(settings.environment()))
              // What the environment says of this process goes before what is known.
              .addResourceCustomizer((resource, properties) -> self.merge(resource))
              .addTracerProviderCustomizer((provider, properties) -> provider.setIdGenerator(ids))
              .disableShutdownHook()
              .build()
              .getOpenTelemetrySdk();
      return new Traces(sdk, ids);
    } catch (ConfigurationException | IllegalArgumentException | IllegalStateException wrong) {
      throw new PawlException(
          FailureCause.CONFIG,
          "traces cannot be sent: %s; check the variables OTEL_..., or unset them to have none"
              .formatted(wrong.getMessage()),
          wrong);
    }
  }

  /** The variables of OpenTelemetry as its properties. */
  private static Map<String, String> properties(Map<String, String> environment) {
    return environment.entrySet().stream()
        .filter(each -> each.getKey().startsWith("OTEL_") && !each.getValue().isBlank())
        .collect(
            Collectors.toMap(
                each -> each.getKey().toLowerCase(Locale.ROOT).replace('_', '.'),
                Map.Entry::getValue));
  }

  WorkflowClientInterceptor client() {
    return new TracedClient(tracer);
  }

  WorkerInterceptor worker() {
    return new TracedWorker(tracer, ids);
  }

  /** Spans of one attempt, below the one that is current. */
  AttemptObserver attempt(Attempt attempt, Duration claiming) {
    return AttemptSpans.begun(tracer, attempt, claiming);
  }

  /** Sends what is not sent yet. */
  @Override
  public void close() {
    sdk.close();
  }
}
