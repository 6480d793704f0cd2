package dev.pawl.activities.artifact;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Remembers which artifacts this process has read and found right, so that the thousandth run that
 * needs one does not read it for the thousandth time. Whatever is written to a file since shows in
 * its inode and its change time, which no program can set. Thread-safe.
 */
final class UntouchedFiles {
  /** A clock of the file system ticks more slowly than a file can be written twice. */
  private static final Duration SETTLED = Duration.ofSeconds(2);

  /** What is looked at: in the order of the files, their inodes, sizes and times. */
  record Look(String digest, List<Object> marks, boolean settled) {}

  private final Map<Path, Look> verified = new ConcurrentHashMap<>();

  /** Whether nothing was written to an artifact since it was {@link #verified}. */
  boolean since(Path folder, Look now) {
    Look before = verified.get(folder);
    return now.settled()
        && before != null
        && before.digest().equals(now.digest())
        && before.marks().equals(now.marks());
  }

  /**
   * It was read and is right.
   *
   * @param before what was seen before it was read
   */
  void verified(Path folder, Look before) {
    if (before.settled()) {
      verified.put(folder, before);
    }
  }

  /** It is not right. */
  void forget(Path folder) {
    verified.remove(folder);
  }

  /** Looks at the files of an artifact, without reading them. */
  static Look look(String digest, List<Path> files) {
    List<Object> marks = new ArrayList<>();
    Instant newest = Instant.MIN;
    try {
      for (Path file : files) {
        Map<String, Object> attributes = Files.readAttributes(file, "unix:ino,size,ctime,dev");
        FileTime changed = (FileTime) Objects.requireNonNull(attributes.get("ctime"), "ctime");
        marks.add(file);
        marks.add(new TreeMap<>(attributes));
        newest = changed.toInstant().isAfter(newest) ? changed.toInstant() : newest;
      }
    } catch (IOException | UnsupportedOperationException | IllegalArgumentException unknown) {
      // Whoever reads the files says what is wrong; elsewhere than on Unix all are always read.
      return new Look(digest, List.of(), false);
    }
    return new Look(digest, marks, newest.isBefore(Instant.now().minus(SETTLED)));
  }
}
