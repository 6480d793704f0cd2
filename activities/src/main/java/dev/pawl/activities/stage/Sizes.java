package dev.pawl.activities.stage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Bytes on disk, to know how much work lies ahead. */
final class Sizes {
  private Sizes() {}

  /** Sum over those files of a folder that are there. */
  static long of(Path folder, List<String> names) throws IOException {
    long total = 0;
    for (String name : names) {
      Path file = folder.resolve(name);
      total += Files.isRegularFile(file) ? Files.size(file) : 0;
    }
    return total;
  }

  /** Sum over the files directly in a folder. */
  static long of(Path folder) throws IOException {
    List<Path> files;
    try (Stream<Path> entries = Files.list(folder)) {
      files = entries.filter(Files::isRegularFile).toList();
    }
    long total = 0;
    for (Path file : files) {
      total += Files.size(file);
    }
    return total;
  }
}
