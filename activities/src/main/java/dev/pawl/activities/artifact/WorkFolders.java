package dev.pawl.activities.artifact;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What outlives the attempts at a stage: {@code work/<key>/<attempt>/}.
 *
 * <p>A disk does not ask for claims, so the claim is in the path. Whoever takes a stage over
 * renames the folder to its own number; a process that was stopped, lost its lease and goes on
 * afterwards finds nothing under the number that it knows, and neither moves nor deletes what is
 * the other's. Files that it has open move along, therefore:
 *
 * <ul>
 *   <li>what is written in place is written under a lock of the process (joining, tokenizing,
 *       indices); where such a lock is still held, the folder is left to whoever holds it, except
 *       for finished checkpoints, and the work begins anew;
 *   <li>half a checkpoint is removed, so that its open file has no name any more;
 *   <li>journals without a lock are written anew when they are opened.
 * </ul>
 *
 * <p>What remains: a process that goes on may make its own folder of its old number again and write
 * there until it notices, within a beat; it removes it then. Locks are those of one machine's
 * kernel: on a network disk without locks, work of a stopped process on another machine is taken
 * for free.
 */
final class WorkFolders {
  private static final Logger LOG = LoggerFactory.getLogger(WorkFolders.class);
  private static final String CHECKPOINTS = "checkpoints";

  private final Path parent;

  /** The folders of one stage. */
  WorkFolders(Path home, String key) {
    parent = home.resolve("work").resolve(key);
  }

  /**
   * Gives an attempt its folder, with what the attempt before it left.
   *
   * @param guard throws when the claim is lost; asked before a folder with a higher number is
   *     touched, which is that of another database, or that of whoever took this stage over
   */
  Path take(int attempt, Runnable guard) throws IOException {
    Files.createDirectories(parent);
    Path own = parent.resolve(Integer.toString(attempt));
    List<Path> others = numbered().stream().filter(path -> !path.equals(own)).toList();
    if (others.stream().anyMatch(path -> number(path) > attempt)) {
      guard.run();
    }
    if (!Files.exists(own) && !others.isEmpty() && !held(others.get(0))) {
      Files.move(others.get(0), own);
    } else {
      Files.createDirectories(own);
      LOG.info("{}: the attempt before is still held by its process, or there is none", own);
    }
    for (Path other : others) {
      if (!Files.exists(own.resolve(CHECKPOINTS))) {
        moveIfThere(other.resolve(CHECKPOINTS), own.resolve(CHECKPOINTS));
      }
    }
    removeHalfCheckpoints(own.resolve(CHECKPOINTS));
    for (Path other : others) {
      remove(other);
    }
    return own;
  }

  /** Removes the folders of an attempt and of those before it. */
  void discard(int attempt) throws IOException {
    for (Path folder : numbered()) {
      if (number(folder) <= attempt) {
        remove(folder);
      }
    }
    try {
      Files.deleteIfExists(parent);
    } catch (DirectoryNotEmptyException later) {
      LOG.debug("{} is in use by a later attempt", parent);
    }
  }

  /** Removes what an attempt wrote after another one had taken its folder. */
  void forsake(int attempt, boolean done) throws IOException {
    boolean taken = numbered().stream().anyMatch(path -> number(path) > attempt);
    if (done || taken) {
      discard(attempt);
    }
  }

  /** Highest number first. */
  private List<Path> numbered() throws IOException {
    try (Stream<Path> children = Files.list(parent)) {
      return children
          .filter(path -> path.getFileName().toString().matches("\\d{1,9}"))
          .sorted(Comparator.comparingInt(WorkFolders::number).reversed())
          .toList();
    } catch (NoSuchFileException absent) {
      return List.of();
    }
  }

  private static int number(Path folder) {
    return Integer.parseInt(folder.getFileName().toString());
  }

  private static void moveIfThere(Path from, Path to) throws IOException {
    try {
      Files.move(from, to);
    } catch (NoSuchFileException absent) {
      LOG.debug("{} is not there", from);
    }
  }

  private static void removeHalfCheckpoints(Path checkpoints) throws IOException {
    if (!Files.isDirectory(checkpoints)) {
      return;
    }
    try (Stream<Path> children = Files.list(checkpoints)) {
      for (Path child : children.toList()) {
        if (child.getFileName().toString().contains(".tmp")) {
          DurableFiles.remove(child);
        }
      }
    }
  }

  // A zombie may write at this very moment; what stays is removed when the stage is done.
  private static void remove(Path folder) throws IOException {
    try {
      DurableFiles.remove(folder);
    } catch (DirectoryNotEmptyException busy) {
      LOG.debug("{} is being written", folder);
    }
  }

  private static boolean held(Path folder) throws IOException {
    try (Stream<Path> tree = Files.walk(folder)) {
      for (Path file : tree.filter(path -> path.toString().endsWith(".lock")).toList()) {
        if (isLocked(file)) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean isLocked(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      Optional<FileLock> lock = Optional.ofNullable(channel.tryLock());
      return lock.isEmpty();
    } catch (OverlappingFileLockException here) {
      return true;
    } catch (NoSuchFileException removed) {
      return false;
    }
  }
}
