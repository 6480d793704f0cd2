package dev.pawl.model.dataset.megatron;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** Text files that are whole or not there, and stay through a crash. */
final class ForcedText {
  private ForcedText() {}

  /** Writes a file, in place of what is there. */
  static void write(Path file, String text) throws IOException {
    Path whole = file.toAbsolutePath();
    Path temporary = whole.resolveSibling(whole.getFileName() + ".tmp");
    Files.writeString(temporary, text);
    flush(temporary);
    Files.move(temporary, whole, StandardCopyOption.ATOMIC_MOVE);
    flush(whole.resolveSibling(""));
  }

  private static void flush(Path path) throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
