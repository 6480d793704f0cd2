package dev.pawl.activities.artifact;

/** The attempt that made an artifact: host, process and the attempt's number within its stage. */
public record Producer(String host, long pid, int attempt) {}
