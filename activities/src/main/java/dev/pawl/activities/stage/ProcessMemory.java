package dev.pawl.activities.stage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Memory of this process, as Linux counts it.
 *
 * @param residentBytes held now
 * @param peakBytes the most it held since its start, or since somebody began to measure anew
 */
record ProcessMemory(long residentBytes, long peakBytes) {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final long KIB = 1024;

  /** As of now; nothing on a system that does not say. */
  static Optional<ProcessMemory> now() {
    try {
      long resident = 0;
      long peak = 0;
      for (String line : Files.readAllLines(STATUS)) {
        if (line.startsWith("VmRSS:")) {
          resident = bytes(line);
        } else if (line.startsWith("VmHWM:")) {
          peak = bytes(line);
        }
      }
      return resident > 0 && peak > 0
          ? Optional.of(new ProcessMemory(resident, peak))
          : Optional.empty();
    } catch (IOException notLinux) {
      return Optional.empty();
    }
  }

  private static long bytes(String line) {
    return Long.parseLong(line.replaceAll("\\D", "")) * KIB;
  }
}
