package dev.pawl.db.report;

import dev.pawl.db.RunStatus;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * A run with its last numbers.
 *
 * @param parameters how many the model has
 * @param configJson model, training recipe and seed
 * @param pointJson the values of this run's point of a sweep; an empty object outside of one
 * @param metrics the last value of each of its training's metrics that was asked for, by name
 * @param steps of its newest checkpoint
 * @param maxMemoryBytes peak of the generation measurements, in bytes
 */
public record RunSummary(
    String id,
    String experimentId,
    String experiment,
    String name,
    String model,
    long parameters,
    RunStatus status,
    Optional<String> cause,
    Optional<String> message,
    Instant createdAt,
    Optional<Instant> startedAt,
    Optional<Instant> finishedAt,
    int stagesDone,
    int stagesTotal,
    String configJson,
    String pointJson,
    Map<String, Double> metrics,
    Optional<Long> steps,
    Optional<Long> maxMemoryBytes) {}
