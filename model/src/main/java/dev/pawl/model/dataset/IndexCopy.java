package dev.pawl.model.dataset;

import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/** Brings the index of a corpus beside its joined token file, when the shards have one. */
final class IndexCopy {
  private final ShardSet set;
  private final Path target;
  private final Path temporary;

  IndexCopy(ShardSet set, Path output) {
    this.set = set;
    this.target = output.resolveSibling(set.base() + ".idx");
    this.temporary = output.resolveSibling(set.base() + ".idx.partial");
  }

  /** Size of the index; 0 without one. */
  long bytes() {
    return set.index().map(Shard::bytes).orElse(0L);
  }

  /**
   * Reads the index against itself and the size of the shards, before anything is written.
   *
   * @throws PawlException DATA that says what does not fit
   */
  void check() throws IOException {
    if (set.index().isPresent()) {
      IndexFile index = IndexFile.open(set.index().get().path());
      index.requireSound();
      for (String problem : index.sizeProblem(set.bytes())) {
        // A corpus with the append-EOD defect can be joined, and repaired then.
        if (!index.eodLengthDefect(set.bytes())) {
          throw new PawlException(
              FailureCause.DATA,
              "the joined token file %s; fetch the index %s or the shards again"
                  .formatted(problem, set.index().get().path()));
        }
      }
    }
  }

  /** Copies the index under a temporary name and reads the copy back. */
  Optional<FileDigest> copy() throws IOException {
    if (set.index().isEmpty()) {
      return Optional.empty();
    }
    Shard source = set.index().get();
    FileDigest read = FileDigests.of(source.path(), bytes -> {});
    if (!source.sha256().map(read.sha256()::equals).orElse(true)) {
      throw new PawlException(
          FailureCause.DATA,
          "%s (%d bytes) has SHA-256 %s, its manifest says %s: fetch it again"
              .formatted(source.path(), read.bytes(), read.sha256(), source.sha256().orElse("")));
    }
    if (Files.isRegularFile(target) && FileDigests.of(target, bytes -> {}).equals(read)) {
      return Optional.of(read);
    }
    Files.copy(source.path(), temporary, StandardCopyOption.REPLACE_EXISTING);
    force(temporary);
    FileDigest copied = FileDigests.of(temporary, bytes -> {});
    if (!copied.equals(read)) {
      throw new PawlException(
          FailureCause.INFRASTRUCTURE,
          "%s was copied from %s and reads differently; check the disk"
              .formatted(temporary, source.path()));
    }
    return Optional.of(copied);
  }

  /** Moves the copy into place and forces the folder. */
  void publish() throws IOException {
    if (Files.exists(temporary)) {
      Files.move(
          temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
    force(target.toAbsolutePath().getParent());
  }

  private static void force(Path path) throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
