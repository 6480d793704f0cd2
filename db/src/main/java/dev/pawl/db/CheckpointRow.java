package dev.pawl.db;

import java.util.Optional;

/**
 * One saved checkpoint of a training stage.
 *
 * @param parentSha256 of the checkpoint that the training went on from; none after the initial
 *     weights
 */
public record CheckpointRow(
    long step,
    long consumedSamples,
    String sha256,
    Optional<String> parentSha256,
    String path,
    long bytes) {}
