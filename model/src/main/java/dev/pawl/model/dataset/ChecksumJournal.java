package dev.pawl.model.dataset;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** Remembers good files across runs by name, size and time of change. Thread-safe. */
final class ChecksumJournal implements AutoCloseable {
  private final Set<String> known;
  private final Optional<FileChannel> channel;

  private ChecksumJournal(Set<String> known, Optional<FileChannel> channel) {
    this.known = known;
    this.channel = channel;
  }

  static ChecksumJournal open(Optional<Path> file) throws IOException {
    if (file.isEmpty()) {
      return new ChecksumJournal(Set.of(), Optional.empty());
    }
    Set<String> known = new HashSet<>();
    if (Files.isRegularFile(file.get())) {
      String text = new String(Files.readAllBytes(file.get()), StandardCharsets.UTF_8);
      text.lines().forEach(known::add);
    }
    // A new file: half a line of a killed process must not swallow the next one, and a process that
    // still has the old one open, but not its claim, must not write into this one.
    Path fresh = file.get().resolveSibling(file.get().getFileName() + ".tmp");
    Files.write(fresh, known);
    Files.move(
        fresh, file.get(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    FileChannel channel =
        FileChannel.open(file.get(), StandardOpenOption.WRITE, StandardOpenOption.APPEND);
    return new ChecksumJournal(known, Optional.of(channel));
  }

  boolean knows(Shard shard, String sha256) {
    return known.contains(line(shard, sha256));
  }

  synchronized void good(Shard shard, String sha256) throws IOException {
    if (channel.isPresent()) {
      byte[] line = (line(shard, sha256) + "\n").getBytes(StandardCharsets.UTF_8);
      channel.get().write(ByteBuffer.wrap(line));
      channel.get().force(false);
    }
  }

  private static String line(Shard shard, String sha256) {
    return "%s %d %d %s"
        .formatted(
            shard.path().toAbsolutePath().normalize(),
            shard.bytes(),
            shard.modifiedMillis(),
            sha256);
  }

  @Override
  public void close() throws IOException {
    if (channel.isPresent()) {
      channel.get().close();
    }
  }
}
