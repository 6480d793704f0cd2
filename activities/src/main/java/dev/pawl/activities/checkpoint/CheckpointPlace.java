package dev.pawl.activities.checkpoint;

import dev.pawl.model.checkpoint.CheckpointStore;
import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import dev.pawl.model.weights.WeightFiles;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where a checkpoint lies.
 *
 * @param folder of the checkpoint
 * @param weights the weights' file, their index, or the folder again
 */
record CheckpointPlace(Path folder, Path weights) {
  /** The name of a tokenizer beside weights. */
  static final String TOKENIZER = "tokenizer.json";

  /**
   * Finds the checkpoint that a path means: a weights file, the folder that holds one, or a folder
   * of {@code checkpoint-<step>} folders, of which the highest step counts.
   *
   * @throws PawlException CONFIG when there is none
   */
  static CheckpointPlace find(Path path) {
    Path place = path.toAbsolutePath().normalize();
    if (Files.isRegularFile(place)) {
      return new CheckpointPlace(place.resolveSibling(""), place);
    }
    if (!Files.isDirectory(place)) {
      throw new PawlException(FailureCause.CONFIG, "there is no checkpoint " + place);
    }
    if (WeightFiles.in(place)) {
      return new CheckpointPlace(place, place);
    }
    Path newest = new CheckpointStore(place).newest().orElse(null);
    if (newest == null || !WeightFiles.in(newest)) {
      throw new PawlException(
          FailureCause.CONFIG,
          "%s holds no checkpoint: neither %s nor %s nor folders checkpoint-<step> with one of them"
              .formatted(place, WeightFiles.SINGLE, WeightFiles.INDEX));
    }
    return new CheckpointPlace(newest, newest);
  }
}
