package dev.pawl.model.dataset.megatron;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Writes an array file from front to back. The space is thereby really taken: a later change in
 * place cannot find the disk full.
 */
final class NpyWriter implements AutoCloseable {
  private static final int BUFFER_BYTES = 1 << 20;

  private final NpyHeader header;
  private final FileChannel channel;
  private final ByteBuffer buffer =
      ByteBuffer.allocateDirect(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
  private long written;

  NpyWriter(Path file, NpyHeader header) throws IOException {
    this.header = header;
    channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE);
    buffer.put(header.bytes());
  }

  void add(long value) throws IOException {
    if (buffer.remaining() < Long.BYTES) {
      drain();
    }
    switch (header.type()) {
      case UINT8 -> buffer.put((byte) value);
      case INT32, UINT32 -> buffer.putInt((int) value);
      case INT64 -> buffer.putLong(value);
    }
    written++;
  }

  /** Forces the file, which must be complete. */
  void finish() throws IOException {
    if (written != header.elements()) {
      throw new IllegalStateException(
          "%d of %d elements are written".formatted(written, header.elements()));
    }
    drain();
    channel.force(true);
  }

  private void drain() throws IOException {
    buffer.flip();
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
    buffer.clear();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
