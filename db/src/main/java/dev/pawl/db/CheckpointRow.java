package dev.pawl.db;

/** One saved checkpoint of a training stage. */
public record CheckpointRow(
    long step, long consumedSamples, String sha256, String path, long bytes) {}
