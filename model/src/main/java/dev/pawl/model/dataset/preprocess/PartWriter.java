package dev.pawl.model.dataset.preprocess;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;

/** Writes the file of one partition under a temporary name. */
final class PartWriter implements AutoCloseable {
  private final Path file;
  private final Path temporary;
  private final FileChannel channel;
  private final CRC32C checksum = new CRC32C();
  private long bytes;

  PartWriter(Path file) throws IOException {
    this.file = file;
    this.temporary = file.resolveSibling(file.getFileName() + ".tmp");
    this.channel =
        FileChannel.open(
            temporary,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE);
  }

  void append(ByteBuffer ids) throws IOException {
    checksum.update(ids.duplicate());
    while (ids.hasRemaining()) {
      bytes += channel.write(ids);
    }
  }

  long bytes() {
    return bytes;
  }

  long checksum() {
    return checksum.getValue();
  }

  /** Forces the file and moves it into place; the folder has still to be forced. */
  void finish() throws IOException {
    channel.force(true);
    channel.close();
    Files.move(
        temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
