package dev.pawl.cli.observe;

import dev.pawl.activities.protocol.Attempt;
import dev.pawl.activities.protocol.AttemptEnd;
import dev.pawl.activities.protocol.AttemptObserver;
import dev.pawl.activities.protocol.AttemptPhase;
import dev.pawl.activities.protocol.StageProgress;
import dev.pawl.activities.protocol.TimeUse;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.DoubleSupplier;

/** The metrics of one attempt. Gauges of its run go with it. */
final class AttemptMeters implements AttemptObserver {
  private static final double NANOS = 1e9;

  private final Meters meters;
  private final Attempt attempt;
  private final long began = System.nanoTime();
  private final Counter tokens;
  private final Timer steps;
  private final AtomicReference<StageProgress> newest =
      new AtomicReference<>(StageProgress.of("", 0, 0));
  private final List<Meter> gauges = new ArrayList<>();

  private AttemptMeters(Meters meters, Attempt attempt) {
    this.meters = meters;
    this.attempt = attempt;
    this.tokens = meters.counter(Metric.TOKENS);
    this.steps = meters.timer(Metric.STEPS);
  }

  /** Counts an attempt that has just claimed its stage, and goes on with it. */
  static AttemptMeters begun(Meters meters, Attempt attempt, Duration waited, Duration claiming) {
    String kind = attempt.kind();
    AttemptMeters made = new AttemptMeters(meters, attempt);
    meters.timer(Metric.QUEUE_WAIT, kind).record(waited);
    meters.timer(Metric.STAGE_PHASE, kind, "claim").record(claiming);
    made.spent(TimeUse.WAITING, waited.toNanos() / NANOS);
    if (attempt.number() > 1) {
      meters.counter(Metric.RETRIES, kind).increment();
    }
    meters.running(kind).incrementAndGet();
    return made;
  }

  @Override
  public <T, X extends Exception> T during(AttemptPhase phase, Work<T, X> work) throws X {
    long start = System.nanoTime();
    try {
      return work.run();
    } finally {
      timer(phase).record(System.nanoTime() - start, TimeUnit.NANOSECONDS);
    }
  }

  private Timer timer(AttemptPhase phase) {
    return switch (phase) {
      case EXECUTE, PUBLISH -> meters.timer(Metric.STAGE_PHASE, attempt.kind(), phase.id());
      case CHECKPOINT_STALL, CHECKPOINT_WRITE, CHECKPOINT_LOAD ->
          meters.timer(Metric.CHECKPOINT, phase.id().replaceFirst("checkpoint_", ""));
    };
  }

  @Override
  public void progress(StageProgress progress) {
    newest.set(progress);
    synchronized (gauges) {
      if (gauges.isEmpty() && progress.total() > 0) {
        gauge(Metric.STAGE_PROGRESS, this::ratio);
      }
      if (gauges.size() == 1 && progress.values().containsKey("loss")) {
        gauge(Metric.LOSS, () -> value("loss"));
        gauge(Metric.TOKENS_PER_SECOND, () -> value("tokens_per_second"));
      }
    }
  }

  private void gauge(Metric metric, DoubleSupplier value) {
    gauges.add(
        meters.gauge(
            metric,
            value,
            attempt.experimentId(),
            attempt.runId(),
            attempt.runName(),
            attempt.stage()));
  }

  private double ratio() {
    StageProgress progress = newest.get();
    return progress.total() == 0 ? 0 : (double) progress.done() / progress.total();
  }

  private double value(String name) {
    return newest.get().values().getOrDefault(name, Double.NaN);
  }

  @Override
  public void trained(long read, double seconds) {
    tokens.increment((double) read);
    steps.record((long) (seconds * NANOS), TimeUnit.NANOSECONDS);
  }

  @Override
  public void spent(TimeUse use, double seconds) {
    // Clocks that are compared may differ by a little; a counter never falls.
    if (seconds > 0) {
      meters.counter(Metric.GOODPUT, attempt.kind(), use.id()).increment(seconds);
    }
  }

  @Override
  public void saved(long bytes) {
    meters.counter(Metric.CHECKPOINT_BYTES).increment((double) bytes);
  }

  @Override
  public void leaseRenewed() {
    meters.counter(Metric.LEASE_RENEWALS).increment();
  }

  @Override
  public void leaseTrouble() {
    meters.counter(Metric.LEASE_FAILURES).increment();
  }

  @Override
  public void ended(AttemptEnd end, String cause) {
    String kind = attempt.kind();
    meters.running(kind).decrementAndGet();
    synchronized (gauges) {
      gauges.forEach(meters::remove);
    }
    meters.counter(Metric.STAGES, kind, end.id(), cause.toLowerCase(Locale.ROOT)).increment();
    meters
        .timer(Metric.STAGE_TIME, kind, end.id())
        .record(System.nanoTime() - began, TimeUnit.NANOSECONDS);
  }
}
