package dev.pawl.activities.checkpoint;

import dev.pawl.activities.artifact.DurableFiles;
import dev.pawl.model.failure.BusyException;
import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import dev.pawl.model.weights.WeightWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** A folder that appears whole: filled under another name, forced, then moved. */
final class NewFolder {
  /** Fills the folder. */
  interface Filling {
    void into(Path folder) throws IOException;
  }

  private NewFolder() {}

  /**
   * Makes the folder.
   *
   * @throws BusyException when it is there and not empty
   * @throws PawlException INFRASTRUCTURE when it cannot be written
   */
  static void make(Path path, Filling filling) {
    Path target = path.toAbsolutePath().normalize();
    Path parent = target.getParent();
    Path temporary = target.resolveSibling(target.getFileName() + ".tmp");
    try {
      if (parent == null || !WeightWriter.isFree(target)) {
        throw new BusyException(
            "%s is there already and not an empty folder; name another".formatted(target));
      }
      Files.createDirectories(parent);
      DurableFiles.remove(temporary);
      Files.createDirectory(temporary);
      try {
        filling.into(temporary);
        WeightWriter.forceFolder(temporary);
        Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
        WeightWriter.forceFolder(parent);
      } finally {
        DurableFiles.remove(temporary);
      }
    } catch (IOException e) {
      throw new PawlException(
          FailureCause.INFRASTRUCTURE,
          "%s could not be written: %s; nothing is left of it".formatted(target, e),
          e);
    }
  }
}
