package dev.pawl.model.dataset;

import dev.pawl.model.failure.BusyException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Keeps two writers from one output. The kernel releases it with the process; a lock file that a
 * killed process left is no lock.
 *
 * <p>A process loses such a lock when it closes any other opening of the same file. Whoever holds
 * one therefore never opens the file again, and within the process a set of names decides first.
 */
public final class OutputLock implements AutoCloseable {
  private static final Set<Path> HELD_HERE = ConcurrentHashMap.newKeySet();

  private final Path file;
  private final FileChannel channel;
  private final Object key;

  private OutputLock(Path file, FileChannel channel, Object key) {
    this.file = file;
    this.channel = channel;
    this.key = key;
  }

  /**
   * Takes the lock of an output, {@code <output>.lock} beside it.
   *
   * @throws BusyException when another writer holds it
   */
  public static OutputLock take(Path output) throws IOException {
    Path absolute = output.toAbsolutePath();
    Path file =
        Objects.requireNonNull(absolute.getParent(), "folder of the output")
            .toRealPath()
            .resolve(output.getFileName() + ".lock");
    if (!HELD_HERE.add(file)) {
      throw busy(output, "pid " + ProcessHandle.current().pid());
    }
    boolean taken = false;
    try {
      OutputLock lock = null;
      while (lock == null) {
        lock = attempt(output, file);
      }
      taken = true;
      return lock;
    } finally {
      if (!taken) {
        HELD_HERE.remove(file);
      }
    }
  }

  /** One try; null when the file was removed by its former owner in the middle of it. */
  private static @Nullable OutputLock attempt(Path output, Path file) throws IOException {
    try {
      Files.createFile(file);
    } catch (FileAlreadyExistsException used) {
      // Held by somebody, or left by a killed process: the lock itself tells.
    }
    Object before = key(file);
    FileChannel channel;
    try {
      channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
    } catch (NoSuchFileException removed) {
      return null;
    }
    boolean kept = false;
    try {
      if (channel.tryLock() == null) {
        throw busy(output, owner(channel));
      }
      kept = before != null && before.equals(key(file));
      if (!kept) {
        return null;
      }
      byte[] owner = ("pid " + ProcessHandle.current().pid()).getBytes(StandardCharsets.UTF_8);
      channel.truncate(0);
      channel.write(ByteBuffer.wrap(owner));
      return new OutputLock(file, channel, before);
    } finally {
      if (!kept) {
        channel.close();
      }
    }
  }

  private static BusyException busy(Path output, String owner) {
    return new BusyException(
        "%s is being written by another process (%s); wait for it or choose another output"
            .formatted(output, owner));
  }

  private static String owner(FileChannel channel) throws IOException {
    ByteBuffer text = ByteBuffer.allocate(64);
    int length = channel.read(text, 0);
    return length > 0 ? new String(text.array(), 0, length, StandardCharsets.UTF_8) : "pid unknown";
  }

  /** Which file lies under a name, without opening it; null when none does. */
  private static @Nullable Object key(Path file) throws IOException {
    try {
      return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
    } catch (NoSuchFileException absent) {
      return null;
    }
  }

  /**
   * Makes sure that the lock is still this process's, before something is moved into place.
   *
   * @throws BusyException when somebody removed or replaced the lock file
   */
  public void requireHeld() throws IOException {
    if (!key.equals(key(file))) {
      throw new BusyException(
          "%s was removed while its output was being written; another process may write it too: stop one and run the other again"
              .formatted(file));
    }
  }

  @Override
  public void close() throws IOException {
    try {
      if (key.equals(key(file))) {
        Files.deleteIfExists(file);
      }
      channel.close();
    } finally {
      HELD_HERE.remove(file);
    }
  }
}
