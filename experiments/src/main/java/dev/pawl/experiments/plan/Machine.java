package dev.pawl.experiments.plan;

/** What of a machine decides results to the last bit. */
public record Machine(String deviceKind, int threads) {}
