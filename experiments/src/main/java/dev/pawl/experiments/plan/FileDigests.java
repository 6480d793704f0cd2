package dev.pawl.experiments.plan;

import dev.pawl.experiments.stage.FileIdentity;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Digests of the user's files, each read once for all runs of a plan. Not thread-safe. */
final class FileDigests {
  private final Map<Path, String> files = new HashMap<>();
  private final Map<Path, Optional<FileIdentity>> checkpoints = new HashMap<>();

  String sha256(Path file) throws IOException {
    String known = files.get(file);
    if (known == null) {
      known = UserFiles.sha256(file);
      files.put(file, known);
    }
    return known;
  }

  /** The checkpoint that a path means, if it means one. */
  Optional<FileIdentity> checkpoint(Path path) throws IOException {
    Optional<FileIdentity> known = checkpoints.get(path);
    if (known == null) {
      Optional<Path> folder = CheckpointIdentity.find(path);
      known =
          folder.isPresent() ? Optional.of(CheckpointIdentity.of(folder.get())) : Optional.empty();
      checkpoints.put(path, known);
    }
    return known;
  }
}
