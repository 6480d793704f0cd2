package dev.pawl.cli.observe;

import dev.pawl.activities.protocol.Attempt;
import dev.pawl.activities.protocol.AttemptObserver;
import dev.pawl.activities.protocol.ProgressListener;
import dev.pawl.db.Database;
import io.temporal.client.WorkflowClientOptions;
import io.temporal.common.interceptors.WorkflowClientInterceptor;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import io.temporal.worker.WorkerFactoryOptions;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a process that serves stages shows of itself, as far as it was asked for: metrics on a port,
 * traces to a collector. Nothing is loaded of what was not asked for. Thread-safe.
 *
 * <p>Open it before the connection to Temporal and close it after the workers have ended, so that
 * the last spans are sent.
 */
public final class Observability implements AutoCloseable {
  /** Shows nothing and costs nothing. */
  public static final Observability NONE = new Observability(null, null);

  private final @Nullable Metrics metrics;
  private final @Nullable Traces traces;

  private Observability(@Nullable Metrics metrics, @Nullable Traces traces) {
    this.metrics = metrics;
    this.traces = traces;
  }

  /**
   * Starts what the settings ask for.
   *
   * @param database asked for health; the numbers of its pool are among the metrics
   * @throws dev.pawl.model.failure.BusyException when the port of the metrics is taken
   * @throws dev.pawl.model.failure.PawlException CONFIG when an address or the traces cannot be
   */
  public static Observability start(ObserveSettings settings, Database database)
      throws IOException {
    boolean counts = settings.port().isPresent();
    boolean follows = settings.traced();
    if (!counts && !follows) {
      return NONE;
    }
    Metrics metrics = counts ? new Metrics(settings, database) : null;
    try {
      return new Observability(metrics, follows ? Traces.start(settings) : null);
    } catch (RuntimeException wrong) {
      if (metrics != null) {
        metrics.close();
      }
      throw wrong;
    }
  }

  /** Traces alone, if they are asked for: for a command that lets others work. */
  public static Observability tracing(ObserveSettings settings) {
    return settings.traced() ? new Observability(null, Traces.start(settings)) : NONE;
  }

  /** Where metrics are served, if they are. */
  public Optional<String> url() {
    return Optional.ofNullable(metrics).map(Metrics::url);
  }

  /** A listener that hears what this one does, and lets attempts be watched. */
  public ProgressListener listening(ProgressListener other) {
    return this == NONE ? other : new Watching(other, this);
  }

  /** Options of a connection whose calls are counted. */
  public WorkflowServiceStubsOptions of(WorkflowServiceStubsOptions options) {
    return metrics == null
        ? options
        : WorkflowServiceStubsOptions.newBuilder(options).setMetricsScope(metrics.scope()).build();
  }

  /** Options of a client whose requests are followed. */
  public WorkflowClientOptions of(WorkflowClientOptions options) {
    if (traces == null) {
      return options;
    }
    WorkflowClientInterceptor[] given = options.getInterceptors();
    List<WorkflowClientInterceptor> all = new ArrayList<>();
    if (given != null) {
      all.addAll(Arrays.asList(given));
    }
    all.add(traces.client());
    return WorkflowClientOptions.newBuilder(options)
        .setInterceptors(all.toArray(new WorkflowClientInterceptor[0]))
        .build();
  }

  /** Options of workers whose workflows and activities are followed. */
  public WorkerFactoryOptions workers() {
    WorkerFactoryOptions.Builder options = WorkerFactoryOptions.newBuilder();
    if (traces != null) {
      options.setWorkerInterceptors(traces.worker());
    }
    return options.build();
  }

  AttemptObserver attempt(Attempt attempt, Duration waited, Duration claiming) {
    AttemptObserver counting =
        metrics == null
            ? AttemptObserver.NONE
            : metrics.meters().attempt(attempt, waited, claiming);
    if (traces == null) {
      return counting;
    }
    AttemptObserver following = traces.attempt(attempt, claiming);
    return metrics == null ? following : new BothObservers(counting, following);
  }

  /** A stage was done already; its label begins with its kind. */
  void reused(String stage) {
    if (metrics != null) {
      metrics.meters().counter(Metric.STAGES, stage.split(" ", 2)[0], "reused", "").increment();
    }
  }

  @Override
  public void close() {
    if (traces != null) {
      traces.close();
    }
    if (metrics != null) {
      metrics.close();
    }
  }
}
