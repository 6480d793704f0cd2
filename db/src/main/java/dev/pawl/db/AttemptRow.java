package dev.pawl.db;

import java.time.Instant;
import java.util.Optional;

/** One attempt at a stage. */
public record AttemptRow(
    String stageKey,
    int attempt,
    String host,
    long pid,
    Instant startedAt,
    Optional<Instant> finishedAt,
    Optional<String> outcome,
    Optional<String> cause,
    Optional<String> message) {}
