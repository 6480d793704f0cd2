package dev.pawl.db;

/**
 * How an experiment goes about its runs.
 *
 * @param maxInFlight runs that go on at the same time
 * @param priority from 1 (first) to 5
 * @param stopAfter failed runs after which nothing more is begun; 0 is never
 * @param configurationJson every value by dotted key
 */
public record NewSweep(int maxInFlight, int priority, int stopAfter, String configurationJson) {}
