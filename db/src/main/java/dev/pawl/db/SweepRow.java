package dev.pawl.db;

import java.util.Map;
import java.util.Optional;

/**
 * A sweep as stored.
 *
 * @param experimentId of this version of it
 * @param name of the experiment
 * @param maxInFlight runs that go on at the same time
 * @param priority from 1 (first) to 5
 * @param stopAfter failed runs after which nothing more is begun; 0 is never
 * @param state as its scheduler last wrote it
 * @param supersededBy the version that was submitted after it
 * @param configuration every value by dotted key
 */
public record SweepRow(
    String experimentId,
    String name,
    int maxInFlight,
    int priority,
    int stopAfter,
    SweepState state,
    Optional<String> supersededBy,
    Map<String, String> configuration) {}
