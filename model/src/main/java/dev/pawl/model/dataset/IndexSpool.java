package dev.pawl.model.dataset;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Collects lengths and document entries on disk and makes an index of them; offsets are computed
 * from the lengths (megatron.md 1.3). Memory does not grow with the number of sequences.
 */
final class IndexSpool implements AutoCloseable {
  private final Path index;
  private final Spool lengths;
  private final Spool documents;
  private long sequences;
  private long documentEntries;

  IndexSpool(Path index) throws IOException {
    this.index = index;
    this.lengths = new Spool(beside(".lengths.tmp"));
    this.documents = new Spool(beside(".documents.tmp"));
    document(0);
  }

  /** Appends a sequence. */
  void sequence(int length) throws IOException {
    lengths.room(4).putInt(length);
    sequences++;
  }

  /** Ends a document after the sequences so far. */
  void endDocument() throws IOException {
    document(sequences);
  }

  /** Ends a document after a number of sequences. */
  void document(long entry) throws IOException {
    documents.room(8).putLong(entry);
    documentEntries++;
  }

  long sequences() {
    return sequences;
  }

  /** Writes the index under its temporary name and forces it. */
  Path write(TokenType type) throws IOException {
    lengths.drain();
    documents.drain();
    Path temporary = temporary();
    try (Spool out = new Spool(temporary)) {
      out.room(IndexFile.HEADER_BYTES)
          .put(IndexFile.MAGIC)
          .putLong(1)
          .put((byte) type.code)
          .putLong(sequences)
          .putLong(documentEntries);
      MappedFile sizes = MappedFile.open(lengths.path);
      for (long i = 0; i < sequences; i++) {
        out.room(4).putInt(sizes.getInt(4 * i));
      }
      long pointer = 0;
      for (long i = 0; i < sequences; i++) {
        out.room(8).putLong(pointer);
        pointer += (long) sizes.getInt(4 * i) * type.bytes;
      }
      MappedFile entries = MappedFile.open(documents.path);
      for (long k = 0; k < documentEntries; k++) {
        out.room(8).putLong(entries.getLong(8 * k));
      }
      out.drain();
      out.channel.force(true);
    }
    return temporary;
  }

  private Path temporary() {
    return beside(".tmp");
  }

  private Path beside(String ending) {
    return index.resolveSibling(index.getFileName() + ending);
  }

  /** Removes what was collected and an index that was not moved away. */
  @Override
  public void close() throws IOException {
    lengths.close();
    documents.close();
    Files.deleteIfExists(lengths.path);
    Files.deleteIfExists(documents.path);
    Files.deleteIfExists(temporary());
  }

  private static final class Spool implements AutoCloseable {
    private final Path path;
    private final FileChannel channel;
    private final ByteBuffer buffer =
        ByteBuffer.allocateDirect(1 << 16).order(ByteOrder.LITTLE_ENDIAN);

    Spool(Path path) throws IOException {
      this.path = path;
      this.channel =
          FileChannel.open(
              path,
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING,
              StandardOpenOption.WRITE);
    }

    ByteBuffer room(int bytes) throws IOException {
      if (buffer.remaining() < bytes) {
        drain();
      }
      return buffer;
    }

    void drain() throws IOException {
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
}
