package dev.pawl.model.dataset;

import dev.pawl.model.failure.PawlException;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Random access to a token dataset (megatron.md 1.1, 1.4), of any size: both files are mapped,
 * nothing is copied to the heap. Opening it checks the whole index against itself and against the
 * size of the token file. Thread-safe for reading.
 */
public final class IndexedDataset implements SentenceSource, AutoCloseable {
  private final Path prefix;
  private final IndexFile index;
  private final MappedFile tokens;
  private final int sequences;
  private final int shift;

  private IndexedDataset(Path prefix, IndexFile index, MappedFile tokens) {
    this.prefix = prefix;
    this.index = index;
    this.tokens = tokens;
    this.sequences = (int) index.sequences();
    this.shift = index.type().shift;
  }

  /**
   * Opens {@code <prefix>.bin} and {@code <prefix>.idx}.
   *
   * @throws PawlException DATA that names file, place and what is wrong
   */
  public static IndexedDataset open(Path prefix) throws IOException {
    Path indexPath = file(prefix, ".idx");
    Path bin = file(prefix, ".bin");
    IndexFile index = IndexFile.open(indexPath);
    IndexFile.requireFile(bin);
    if (index.sequences() > Integer.MAX_VALUE) {
      throw IndexFile.damaged(
          indexPath,
          "has %,d sequences, %,d can be read; keep it in parts"
              .formatted(index.sequences(), Integer.MAX_VALUE));
    }
    index.requireSound();
    MappedFile tokens = MappedFile.open(bin);
    for (String problem : index.sizeProblem(tokens.bytes())) {
      throw IndexFile.damaged(bin, problem);
    }
    return new IndexedDataset(prefix, index, tokens);
  }

  /** A file of a dataset, by its ending. */
  static Path file(Path prefix, String ending) {
    return prefix.resolveSibling(prefix.getFileName() + ending);
  }

  /** Element type of the token file. */
  public TokenType type() {
    return index.type();
  }

  /** Number of sequences. */
  @Override
  public int sequences() {
    return sequences;
  }

  /** Number of tokens in all sequences. */
  @Override
  public long tokens() {
    return tokens.bytes() / index.type().bytes;
  }

  /** Tokens of a sequence. */
  @Override
  public int length(int sequence) {
    requireSequence(sequence);
    // The index is sound, so this is index.length(sequence), out of the offsets that a read of the
    // sequence needs anyway.
    return (int) ((end(sequence) - index.pointer(sequence)) >> shift);
  }

  /** Tokens before a sequence. */
  public long start(int sequence) {
    if (sequence == sequences) {
      return tokens();
    }
    requireSequence(sequence);
    return index.pointer(sequence) / index.type().bytes;
  }

  /** Number of documents, empty ones too. */
  @Override
  public long documents() {
    return index.documentEntries() - 1;
  }

  /** The first sequence of a document; for {@link #documents()} the number of sequences. */
  @Override
  public int documentStart(long document) {
    if (document < 0 || document > documents()) {
      throw new IndexOutOfBoundsException(
          "document %d of %s, which has %d".formatted(document, prefix, documents()));
    }
    return (int) index.document(document);
  }

  /** Reads part of a sequence. */
  @Override
  public void read(int sequence, int offset, int length, int[] destination, int at) {
    tokens.getTokens(index.type(), place(sequence, offset, length), length, destination, at);
  }

  @Override
  public TokenType bufferType() {
    return TokenBuffer.typeFor(index.type());
  }

  /** Reads part of a sequence; a plain copy where the buffer is of the type of the file. */
  @Override
  public void read(int sequence, int offset, int length, TokenBuffer destination, int at) {
    tokens.getTokens(index.type(), place(sequence, offset, length), length, destination, at);
  }

  @Override
  public int readUpTo(int sequence, int offset, int most, TokenBuffer destination, int at) {
    requireSequence(sequence);
    long from = index.pointer(sequence) + ((long) offset << shift);
    int count = (int) Math.min(most, (end(sequence) - from) >> shift);
    if (offset < 0 || count < 0) {
      throw outside(sequence, offset, count);
    }
    tokens.getTokens(index.type(), from, count, destination, at);
    return count;
  }

  /** The byte at which part of a sequence starts. */
  private long place(int sequence, int offset, int length) {
    requireSequence(sequence);
    long at = index.pointer(sequence) + ((long) offset << shift);
    if (offset < 0 || length < 0 || at + ((long) length << shift) > end(sequence)) {
      throw outside(sequence, offset, length);
    }
    return at;
  }

  private IndexOutOfBoundsException outside(int sequence, int offset, int length) {
    return new IndexOutOfBoundsException(
        "tokens %d to %d of sequence %d of %s, which has %d"
            .formatted(offset, (long) offset + length, sequence, prefix, length(sequence)));
  }

  /** All tokens of the sequences from one to before another, in one array. */
  public int[] readSequences(int first, int end) {
    if (first < 0 || first > end || end > sequences) {
      throw new IndexOutOfBoundsException(
          "sequences %d to %d of %s, which has %d".formatted(first, end, prefix, sequences));
    }
    int[] all = new int[Math.toIntExact(start(end) - start(first))];
    tokens.getTokens(index.type(), start(first) * index.type().bytes, all.length, all, 0);
    return all;
  }

  /** Highest token id of the dataset; -1 when it is empty. Reads all of it. */
  public int maxToken() {
    int highest = -1;
    for (long at = 0; at < tokens.bytes(); at += index.type().bytes) {
      highest = Math.max(highest, tokens.getToken(index.type(), at));
    }
    return highest;
  }

  Path bin() {
    return file(prefix, ".bin");
  }

  IndexFile index() {
    return index;
  }

  /** The byte behind a sequence. */
  private long end(int sequence) {
    return sequence + 1 == sequences ? tokens.bytes() : index.pointer(sequence + 1);
  }

  private void requireSequence(int sequence) {
    if (sequence < 0 || sequence >= sequences) {
      throw new IndexOutOfBoundsException(
          "sequence %d of %s, which has %d".formatted(sequence, prefix, sequences));
    }
  }

  /** Mapped memory goes with the garbage collector; nothing else is held. */
  @Override
  public void close() {}
}
