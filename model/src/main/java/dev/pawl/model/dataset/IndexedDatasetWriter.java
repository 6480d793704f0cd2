package dev.pawl.model.dataset;

import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/**
 * Writes a token dataset, {@code <prefix>.bin} and {@code <prefix>.idx} (megatron.md 1.1). Both
 * appear when it is finished; closing it before leaves nothing.
 */
public final class IndexedDatasetWriter implements AutoCloseable {
  static final byte[] MAGIC = {'M', 'M', 'I', 'D', 'I', 'D', 'X', 0, 0};
  static final int HEADER_BYTES = 34;

  private final Path prefix;
  private final int vocabularySize;
  private final TokenType type;
  private final FileChannel tokens;
  private final ByteBuffer buffer =
      ByteBuffer.allocateDirect(1 << 20).order(ByteOrder.LITTLE_ENDIAN);
  private int[] lengths = new int[1024];
  private int sequences;
  private long[] documents = new long[1024];
  private int documentEntries = 1;
  private boolean finished;

  /** A writer of 16-bit ids for vocabularies below 65,500 and of 32-bit ids above. */
  public IndexedDatasetWriter(Path prefix, int vocabularySize) throws IOException {
    this.prefix = prefix;
    this.vocabularySize = vocabularySize;
    this.type = TokenType.forVocabulary(vocabularySize);
    this.tokens =
        FileChannel.open(
            temporary(".bin"),
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE);
  }

  /**
   * Appends a document of one sequence; an empty one leaves an entry in the document index only.
   */
  public void document(int[] ids) throws IOException {
    if (ids.length > 0) {
      sequence(ids);
    }
    endDocument();
  }

  /** Appends a sequence to the current document. */
  public void sequence(int[] ids) throws IOException {
    for (int id : ids) {
      if (id < 0 || id >= vocabularySize) {
        throw new PawlException(
            FailureCause.DATA,
            "token id %d in %s.bin is outside the vocabulary of %d"
                .formatted(id, prefix, vocabularySize));
      }
      if (buffer.remaining() < type.bytes) {
        drain();
      }
      if (type == TokenType.UINT16) {
        buffer.putShort((short) id);
      } else {
        buffer.putInt(id);
      }
    }
    if (sequences == lengths.length) {
      lengths = Arrays.copyOf(lengths, 2 * sequences);
    }
    lengths[sequences++] = ids.length;
  }

  /** Ends the current document. */
  public void endDocument() {
    if (documentEntries == documents.length) {
      documents = Arrays.copyOf(documents, 2 * documentEntries);
    }
    documents[documentEntries++] = sequences;
  }

  /** Forces both files and moves them into place. */
  public void finish() throws IOException {
    drain();
    tokens.force(true);
    tokens.close();
    try (FileChannel index =
        FileChannel.open(
            temporary(".idx"),
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      writeIndex(index);
      index.force(true);
    }
    // The index last: a dataset without one does not exist.
    move(".bin");
    move(".idx");
    finished = true;
  }

  private void writeIndex(FileChannel index) throws IOException {
    buffer.clear();
    buffer.put(MAGIC).putLong(1).put((byte) type.code).putLong(sequences).putLong(documentEntries);
    for (int i = 0; i < sequences; i++) {
      room(index, 4);
      buffer.putInt(lengths[i]);
    }
    long pointer = 0;
    for (int i = 0; i < sequences; i++) {
      room(index, 8);
      buffer.putLong(pointer);
      pointer += (long) lengths[i] * type.bytes;
    }
    for (int i = 0; i < documentEntries; i++) {
      room(index, 8);
      buffer.putLong(documents[i]);
    }
    write(index);
  }

  private void room(FileChannel channel, int bytes) throws IOException {
    if (buffer.remaining() < bytes) {
      write(channel);
    }
  }

  private void drain() throws IOException {
    write(tokens);
  }

  private void write(FileChannel channel) throws IOException {
    buffer.flip();
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
    buffer.clear();
  }

  private Path temporary(String ending) {
    return prefix.resolveSibling(prefix.getFileName() + ending + ".tmp");
  }

  private void move(String ending) throws IOException {
    Files.move(
        temporary(ending),
        prefix.resolveSibling(prefix.getFileName() + ending),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }

  @Override
  public void close() throws IOException {
    if (!finished) {
      tokens.close();
      Files.deleteIfExists(temporary(".bin"));
      Files.deleteIfExists(temporary(".idx"));
    }
  }
}
