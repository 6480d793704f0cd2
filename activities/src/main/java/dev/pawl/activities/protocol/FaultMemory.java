package dev.pawl.activities.protocol;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Objects;

/**
 * Which faults of an experiment have happened, a line each, so that the command that was killed can
 * be typed again and goes on. Forced to the disk line by line.
 *
 * @param file where; absent while none has happened
 */
public record FaultMemory(Path file) {
  /** The memory of an experiment in a home. */
  public static FaultMemory of(Path home, String experimentId) {
    return new FaultMemory(home.resolve("chaos").resolve(experimentId));
  }

  List<String> read() throws IOException {
    return Files.exists(file) ? Files.readAllLines(file) : List.of();
  }

  void add(String fault) throws IOException {
    Files.createDirectories(Objects.requireNonNull(file.getParent(), "folder"));
    try (FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND)) {
      channel.write(ByteBuffer.wrap((fault + "\n").getBytes(StandardCharsets.UTF_8)));
      channel.force(true);
    }
  }

  /** Forgets all: the experiment is done. */
  public void forget() throws IOException {
    Files.deleteIfExists(file);
  }
}
