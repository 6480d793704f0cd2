package dev.pawl.db;

import java.util.Optional;

/**
 * One saved checkpoint of a training stage.
 *
 * @param parentSha256 of the checkpoint that the training went on from; none after the initial
 *     weights
 * @param removed why it is no longer there; empty while it is
 */
public record CheckpointRow(
    long step,
    long consumedSamples,
    String sha256,
    Optional<String> parentSha256,
    String path,
    long bytes,
    Optional<String> removed) {

  /** One that is there. */
  public CheckpointRow(
      long step,
      long consumedSamples,
      String sha256,
      Optional<String> parentSha256,
      String path,
      long bytes) {
    this(step, consumedSamples, sha256, parentSha256, path, bytes, Optional.empty());
  }
}
