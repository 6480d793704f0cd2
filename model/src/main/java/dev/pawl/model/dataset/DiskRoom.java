package dev.pawl.model.dataset;

import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Asks for room on the disk before the first byte is written. */
final class DiskRoom {
  private DiskRoom() {}

  /**
   * Refuses an output that does not fit.
   *
   * @param needed bytes still to be written
   * @throws PawlException INFRASTRUCTURE that says how much is missing
   */
  static void require(Path output, long needed) throws IOException {
    long free = Files.getFileStore(output.toAbsolutePath().getParent()).getUsableSpace();
    if (free < needed) {
      throw new PawlException(
          FailureCause.INFRASTRUCTURE,
          "%s needs %,d bytes more and the disk has %,d (no space left on device): free %,d bytes or choose another disk"
              .formatted(output, needed, free, needed - free));
    }
  }
}
