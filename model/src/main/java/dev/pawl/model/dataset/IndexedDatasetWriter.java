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

/**
 * Writes a token dataset, {@code <prefix>.bin} and {@code <prefix>.idx} (megatron.md 1.1), of any
 * size in constant memory. Both appear when it is finished; closing it before leaves nothing.
 */
public final class IndexedDatasetWriter implements AutoCloseable {
  private final Path prefix;
  private final int lowest;
  private final long highest;
  private final TokenType type;
  private final FileChannel tokens;
  private final IndexSpool index;
  private final ByteBuffer buffer =
      ByteBuffer.allocateDirect(1 << 20).order(ByteOrder.LITTLE_ENDIAN);
  private boolean finished;

  /** A writer of 16-bit ids for vocabularies below 65,500 and of 32-bit ids above. */
  public IndexedDatasetWriter(Path prefix, int vocabularySize) throws IOException {
    this(prefix, TokenType.forVocabulary(vocabularySize), 0, vocabularySize - 1);
  }

  /** A writer of any element type and all ids that fit it. */
  public IndexedDatasetWriter(Path prefix, TokenType type) throws IOException {
    this(prefix, type, type.lowest, type.highest);
  }

  private IndexedDatasetWriter(Path prefix, TokenType type, int lowest, int highest)
      throws IOException {
    this.prefix = prefix;
    this.lowest = lowest;
    this.highest = highest;
    this.type = type;
    this.index = new IndexSpool(IndexedDataset.file(prefix, ".idx"));
    this.tokens =
        FileChannel.open(
            temporary(),
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
      if (id < lowest || id > highest) {
        throw new PawlException(
            FailureCause.DATA,
            lowest == 0
                ? "token id %d in %s.bin is outside the vocabulary of %d"
                    .formatted(id, prefix, highest + 1)
                : "token id %d in %s.bin does not fit %s".formatted(id, prefix, type.id()));
      }
      if (buffer.remaining() < type.bytes) {
        drain();
      }
      type.put(buffer, id);
    }
    index.sequence(ids.length);
  }

  /** Ends the current document. */
  public void endDocument() throws IOException {
    index.endDocument();
  }

  /**
   * Appends a whole dataset: its tokens byte for byte, its lengths, and its document entries but
   * the first, shifted by the sequences so far (megatron.md 1.3).
   *
   * @throws PawlException DATA when its element type is another
   */
  public void append(IndexedDataset other, ByteProgress progress) throws IOException {
    if (other.type() != type) {
      throw new PawlException(
          FailureCause.DATA,
          "%s holds %s, what was merged before it holds %s; tokenize both with one vocabulary"
              .formatted(other.bin(), other.type().id(), type.id()));
    }
    drain();
    SparseCopy.append(other.bin(), tokens, progress);
    IndexFile from = other.index();
    long before = index.sequences();
    for (long i = 0; i < from.sequences(); i++) {
      index.sequence(from.length(i));
    }
    for (long k = 1; k < from.documentEntries(); k++) {
      index.document(before + from.document(k));
    }
  }

  /** Forces both files and moves them into place. */
  public void finish() throws IOException {
    drain();
    tokens.force(true);
    tokens.close();
    Path temporaryIndex = index.write(type);
    // The index last: a dataset without one does not exist.
    move(temporary(), IndexedDataset.file(prefix, ".bin"));
    move(temporaryIndex, IndexedDataset.file(prefix, ".idx"));
    try (FileChannel folder =
        FileChannel.open(prefix.toAbsolutePath().getParent(), StandardOpenOption.READ)) {
      folder.force(true);
    }
    index.close();
    finished = true;
  }

  private void drain() throws IOException {
    buffer.flip();
    while (buffer.hasRemaining()) {
      tokens.write(buffer);
    }
    buffer.clear();
  }

  private Path temporary() {
    return IndexedDataset.file(prefix, ".bin.tmp");
  }

  private static void move(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  @Override
  public void close() throws IOException {
    if (!finished) {
      tokens.close();
      index.close();
      Files.deleteIfExists(temporary());
    }
  }
}
