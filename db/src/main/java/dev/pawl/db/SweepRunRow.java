package dev.pawl.db;

import java.util.Optional;

/**
 * A run of a sweep as stored.
 *
 * @param ordinal its number, from 0
 * @param pointJson the values of the swept keys
 * @param pretrainKey key of the stage that trains it, if it has one
 * @param trained whether that stage is done, or has kept something of its work
 */
public record SweepRunRow(
    String id,
    String name,
    int ordinal,
    RunStatus status,
    Optional<String> message,
    String pointJson,
    Optional<String> pretrainKey,
    boolean trained) {}
