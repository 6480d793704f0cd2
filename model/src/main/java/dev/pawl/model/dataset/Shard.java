package dev.pawl.model.dataset;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * One piece of a corpus, as it lies there now.
 *
 * @param modifiedMillis when it was last written, since the epoch
 * @param sha256 what a manifest says of it; empty without one
 */
public record Shard(Path path, long bytes, long modifiedMillis, Optional<String> sha256) {
  static Shard of(Path path, Optional<String> sha256) throws IOException {
    return new Shard(path, Files.size(path), Files.getLastModifiedTime(path).toMillis(), sha256);
  }

  String name() {
    return path.getFileName().toString();
  }
}
