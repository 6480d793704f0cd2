package dev.pawl.db;

import java.time.Instant;
import java.util.Optional;

/** A run as stored. */
public record RunRow(
    String id,
    String experimentId,
    String experiment,
    String name,
    String model,
    long parameters,
    RunStatus status,
    Optional<String> message,
    Instant createdAt,
    Optional<Instant> startedAt,
    Optional<Instant> finishedAt,
    int stagesDone,
    int stagesTotal,
    String configJson) {}
