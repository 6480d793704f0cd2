package dev.pawl.db;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** A stage as stored; digest, bytes and path are its artifact's. */
public record StageRow(
    String key,
    String kind,
    int version,
    String configJson,
    Map<String, String> inputs,
    StageStatus status,
    Optional<String> ownerId,
    int attempt,
    Optional<Instant> leaseExpiresAt,
    Optional<String> progressJson,
    Optional<String> digest,
    Optional<Long> bytes,
    Optional<String> path,
    Optional<String> resultJson) {}
