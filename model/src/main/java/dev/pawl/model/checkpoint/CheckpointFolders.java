package dev.pawl.model.checkpoint;

import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The folders {@code checkpoint-<step>} of one folder. One that is to go gets another name first,
 * so that what has the name is always whole.
 */
final class CheckpointFolders {
  static final String TEMPORARY = ".tmp";
  static final String DAMAGED = ".damaged";
  private static final String REMOVED = ".removed";

  private static final Pattern NAME = Pattern.compile("checkpoint-(\\d{1,18})");
  private static final Pattern LEFTOVER = Pattern.compile("checkpoint-\\d{1,18}\\.(tmp|removed)");

  private final Path folder;

  CheckpointFolders(Path folder) {
    this.folder = folder;
  }

  /** By step, not verified. */
  NavigableMap<Long, Path> all() {
    NavigableMap<Long, Path> found = new TreeMap<>();
    for (Path child : children()) {
      Matcher matcher = NAME.matcher(child.getFileName().toString());
      if (matcher.matches()) {
        found.put(Long.parseLong(matcher.group(1)), child);
      }
    }
    return found;
  }

  Path of(long step) {
    return folder.resolve("checkpoint-" + step);
  }

  /** Removes what a process that died had begun to write or to remove. */
  void clean() {
    for (Path child : children()) {
      if (LEFTOVER.matcher(child.getFileName().toString()).matches()) {
        try {
          delete(child);
        } catch (IOException e) {
          throw new PawlException(
              FailureCause.INFRASTRUCTURE, "leftover " + child + " cannot be removed: " + e, e);
        }
      }
    }
  }

  /** Moves a written folder into its place, over what may be there. */
  void place(Path written, Path target) throws IOException {
    Path aside = withEnding(target, REMOVED);
    if (Files.exists(target)) {
      delete(aside);
      Files.move(target, aside, StandardCopyOption.ATOMIC_MOVE);
    }
    Files.move(written, target, StandardCopyOption.ATOMIC_MOVE);
    delete(aside);
  }

  /** Removes a checkpoint; absent is fine. */
  void remove(long step) {
    Path target = of(step);
    try {
      if (Files.exists(target)) {
        Path aside = withEnding(target, REMOVED);
        delete(aside);
        Files.move(target, aside, StandardCopyOption.ATOMIC_MOVE);
        delete(aside);
      }
    } catch (IOException e) {
      throw new PawlException(
          FailureCause.INFRASTRUCTURE, "old checkpoint " + target + " cannot be removed: " + e, e);
    }
  }

  /** Gives a damaged checkpoint a name by which nobody finds it; somebody may want to look. */
  static void setAside(Path checkpoint) {
    try {
      Path aside = withEnding(checkpoint, DAMAGED);
      delete(aside);
      Files.move(checkpoint, aside, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new PawlException(
          FailureCause.INFRASTRUCTURE, "damaged " + checkpoint + " cannot be set aside: " + e, e);
    }
  }

  static Path withEnding(Path checkpoint, String ending) {
    return checkpoint.resolveSibling(checkpoint.getFileName() + ending);
  }

  static void delete(Path path) throws IOException {
    if (!Files.exists(path)) {
      return;
    }
    try (Stream<Path> tree = Files.walk(path)) {
      for (Path each : tree.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    }
  }

  private List<Path> children() {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> children = Files.list(folder)) {
      return children.toList();
    } catch (IOException e) {
      throw new PawlException(
          FailureCause.INFRASTRUCTURE, "folder " + folder + " cannot be listed: " + e, e);
    }
  }
}
