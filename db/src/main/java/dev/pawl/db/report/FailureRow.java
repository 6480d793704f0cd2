package dev.pawl.db.report;

import java.time.Instant;
import java.util.Optional;

/** An attempt at a stage of a run that failed. */
public record FailureRow(
    String runId,
    String stageKey,
    String stage,
    int attempt,
    String cause,
    String message,
    Optional<String> host,
    Optional<Instant> startedAt,
    Optional<Instant> finishedAt) {}
