package dev.pawl.cli.observe;

import dev.pawl.activities.protocol.Attempt;
import dev.pawl.activities.protocol.AttemptObserver;
import dev.pawl.experiments.plan.StageKind;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.DoubleSupplier;

/** Makes the meters of {@link Metric} in a registry. Thread-safe. */
final class Meters {
  private static final Duration[] SHORT = {
    Duration.ofMillis(1),
    Duration.ofMillis(5),
    Duration.ofMillis(20),
    Duration.ofMillis(100),
    Duration.ofMillis(500),
    Duration.ofSeconds(2),
    Duration.ofSeconds(10),
    Duration.ofMinutes(1)
  };
  private static final Duration[] LONG = {
    Duration.ofMillis(100),
    Duration.ofSeconds(1),
    Duration.ofSeconds(10),
    Duration.ofMinutes(1),
    Duration.ofMinutes(10),
    Duration.ofHours(1),
    Duration.ofHours(6),
    Duration.ofDays(1),
    Duration.ofDays(7)
  };

  private final MeterRegistry registry;
  private final Map<String, AtomicInteger> running = new ConcurrentHashMap<>();

  /** Meters in a registry; those without labels are there from the beginning, at 0. */
  Meters(MeterRegistry registry, String version) {
    this.registry = registry;
    for (Metric metric : Metric.values()) {
      if (metric.labels().isEmpty()) {
        switch (metric.type()) {
          case COUNTER -> counter(metric);
          case SHORT_TIMER, LONG_TIMER -> timer(metric);
          case GAUGE -> throw new IllegalStateException(metric + " needs something to look at");
        }
      }
    }
    for (StageKind kind : StageKind.values()) {
      counter(Metric.RETRIES, kind.id());
    }
    gauge(Metric.BUILD, () -> 1, version);
  }

  /** Meters of one attempt. */
  AttemptObserver attempt(Attempt attempt, Duration waited, Duration claiming) {
    return AttemptMeters.begun(this, attempt, waited, claiming);
  }

  /** How many stages of a kind go on here; the gauge is made with the first. */
  AtomicInteger running(String kind) {
    return running.computeIfAbsent(
        kind,
        first -> {
          AtomicInteger count = new AtomicInteger();
          gauge(Metric.STAGES_RUNNING, count::get, kind);
          return count;
        });
  }

  Counter counter(Metric metric, String... values) {
    return Counter.builder(metric.id())
        .description(metric.meaning())
        .tags(tags(metric, values))
        .register(registry);
  }

  Timer timer(Metric metric, String... values) {
    return Timer.builder(metric.id())
        .description(metric.meaning())
        .tags(tags(metric, values))
        .serviceLevelObjectives(metric.type() == Metric.Type.SHORT_TIMER ? SHORT : LONG)
        .register(registry);
  }

  /** A gauge that looks at something, until it is removed. */
  Meter gauge(Metric metric, DoubleSupplier value, String... values) {
    return Gauge.builder(metric.id(), value::getAsDouble)
        .description(metric.meaning())
        .tags(tags(metric, values))
        .strongReference(true)
        .register(registry);
  }

  void remove(Meter meter) {
    registry.remove(meter);
  }

  private static Tags tags(Metric metric, String... values) {
    List<String> labels = metric.labels();
    if (labels.size() != values.length) {
      throw new IllegalArgumentException(
          "%s has the labels %s, not %d".formatted(metric, labels, values.length));
    }
    List<Tag> tags = new ArrayList<>();
    for (int i = 0; i < values.length; i++) {
      tags.add(Tag.of(labels.get(i), values[i].isEmpty() ? "none" : values[i]));
    }
    return Tags.of(tags);
  }
}
