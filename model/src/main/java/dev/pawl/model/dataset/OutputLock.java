package dev.pawl.model.dataset;

import dev.pawl.model.failure.BusyException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Keeps two writers from one output. The kernel releases it with the process; a lock file that a
 * killed process left is no lock.
 */
public final class OutputLock implements AutoCloseable {
  private final Path file;
  private final FileChannel channel;
  private final String mark;

  private OutputLock(Path file, FileChannel channel, String mark) {
    this.file = file;
    this.channel = channel;
    this.mark = mark;
  }

  /**
   * Takes the lock of an output, {@code <output>.lock} beside it.
   *
   * @throws BusyException when another writer holds it
   */
  public static OutputLock take(Path output) throws IOException {
    Path file = output.resolveSibling(output.getFileName() + ".lock");
    while (true) {
      FileChannel channel =
          FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      boolean kept = false;
      try {
        FileLock lock = tryLock(channel);
        if (lock == null) {
          throw new BusyException(
              "%s is being written by another process (%s); wait for it or choose another output"
                  .formatted(output, owner(file)));
        }
        String mark = "pid %d %s".formatted(ProcessHandle.current().pid(), UUID.randomUUID());
        channel.truncate(0);
        channel.write(ByteBuffer.wrap(mark.getBytes(StandardCharsets.UTF_8)));
        // The former owner may have removed the file between our opening and locking it.
        kept = text(file).equals(mark);
        if (kept) {
          return new OutputLock(file, channel, mark);
        }
      } finally {
        if (!kept) {
          channel.close();
        }
      }
    }
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException sameProcess) {
      return null;
    }
  }

  private static String owner(Path file) throws IOException {
    String[] words = text(file).split(" ", -1);
    return words.length == 3 ? words[0] + " " + words[1] : "pid unknown";
  }

  private static String text(Path file) throws IOException {
    try {
      return Files.readString(file);
    } catch (NoSuchFileException removed) {
      return "";
    }
  }

  /**
   * Makes sure that the lock is still this process's, before something is moved into place.
   *
   * @throws BusyException when somebody removed or replaced the lock file
   */
  public void requireHeld() throws IOException {
    if (!text(file).equals(mark)) {
      throw new BusyException(
          "%s was removed while its output was being written; another process may write it too: stop one and run the other again"
              .formatted(file));
    }
  }

  @Override
  public void close() throws IOException {
    Files.deleteIfExists(file);
    channel.close();
  }
}
