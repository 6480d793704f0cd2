package dev.pawl.cli.observe;

import com.uber.m3.tally.RootScopeBuilder;
import com.uber.m3.tally.Scope;
import com.uber.m3.tally.ScopeCloseException;
import dev.pawl.db.Database;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.logging.LogbackMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.distribution.DistributionStatisticConfig;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.temporal.common.reporter.MicrometerClientStatsReporter;
import java.io.IOException;
import java.time.Duration;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One registry of everything that is counted in this process, and the server that shows it. */
final class Metrics implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Metrics.class);

  /** How often the Temporal SDK hands over what it counted. */
  private static final double REPORT_SECONDS = 1;

  /** The SDK's times are those of calls and tasks: a few buckets do, it has many labels. */
  private static final double[] SDK_BUCKETS =
      Stream.of(10, 50, 250, 1_000, 5_000, 30_000, 300_000)
          .mapToDouble(milliseconds -> Duration.ofMillis(milliseconds).toNanos())
          .toArray();

  private final PrometheusMeterRegistry registry;
  private final Meters meters;
  private final Scope scope;
  private final JvmGcMetrics collections = new JvmGcMetrics();
  private final LogbackMetrics lines = new LogbackMetrics();
  private final MetricsServer server;

  /** Starts counting and serving. */
  Metrics(ObserveSettings settings, Database database) throws IOException {
    registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    registry.config().meterFilter(fewBuckets());
    // First of all: a port that is taken ends the command.
    server =
        MetricsServer.start(
            settings.address(), settings.port().orElseThrow(), registry::scrape, database::answers);
    meters = new Meters(registry, settings.version());
    scope =
        new RootScopeBuilder()
            .reporter(new MicrometerClientStatsReporter(registry))
            .reportEvery(com.uber.m3.util.Duration.ofSeconds(REPORT_SECONDS));
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
    new FileDescriptorMetrics().bindTo(registry);
    collections.bindTo(registry);
    lines.bindTo(registry);
    database.measure(registry);
  }

  private static MeterFilter fewBuckets() {
    return new MeterFilter() {
      @Override
      public DistributionStatisticConfig configure(
          Meter.Id id, DistributionStatisticConfig config) {
        if (!id.getName().startsWith("temporal_")) {
          return config;
        }
        return DistributionStatisticConfig.builder()
            .percentilesHistogram(false)
            .serviceLevelObjectives(SDK_BUCKETS)
            .build()
            .merge(config);
      }
    };
  }

  Meters meters() {
    return meters;
  }

  /** Where the Temporal SDK counts. */
  Scope scope() {
    return scope;
  }

  String url() {
    return server.url();
  }

  @Override
  public void close() {
    server.close();
    collections.close();
    lines.close();
    try {
      // Closes the registry behind it.
      scope.close();
    } catch (ScopeCloseException e) {
      LOG.warn("closing metrics", e);
    }
  }
}
