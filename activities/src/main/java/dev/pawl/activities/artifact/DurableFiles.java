package dev.pawl.activities.artifact;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Flushing, moving and removing, so that a crash at any moment leaves old or new, never half. */
public final class DurableFiles {
  private DurableFiles() {}

  /** Flushes a file or a folder to the disk; a file's data and length, a folder's entries. */
  public static void flush(Path path) throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  /** Writes a file aside, flushes it and moves it into place. */
  public static void write(Path file, byte[] content) throws IOException {
    Path temporary = file.resolveSibling(file.getFileName() + ".tmp");
    Files.write(temporary, content);
    flush(temporary);
    move(temporary, file);
  }

  /** Moves within a file system in one step, then flushes the folder. */
  public static void move(Path from, Path to) throws IOException {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException unsupported) {
      throw new IOException(
          "%s and %s are on different file systems; keep the home on one".formatted(from, to),
          unsupported);
    }
    flush(to.toAbsolutePath().getParent());
  }

  /**
   * Gives a file a second name, which costs no space, or copies it where the disk does not allow
   * that. The target must not exist.
   */
  public static void linkOrCopy(Path source, Path target) throws IOException {
    try {
      Files.createLink(target, source.toRealPath());
    } catch (FileSystemException | UnsupportedOperationException unlinkable) {
      Files.copy(source, target);
    }
  }

  /** Removes a file or a whole folder; absent is fine, and so is a racing removal. */
  public static void remove(Path path) throws IOException {
    List<Path> inside;
    try (Stream<Path> walk = Files.walk(path)) {
      inside = walk.sorted(Comparator.reverseOrder()).toList();
    } catch (NoSuchFileException absent) {
      return;
    }
    for (Path each : inside) {
      Files.deleteIfExists(each);
    }
  }
}
