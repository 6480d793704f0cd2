package dev.pawl.model.dataset;

/** Token documents by number. Thread-safe for reading. */
public interface DocumentSource {
  /** Number of documents. */
  int sequences();

  /** Tokens of a document. */
  int length(int sequence);

  /** Reads part of a document into a place of an array. */
  void read(int sequence, int offset, int length, int[] destination, int at);

  /** The type of buffer that holds every id. */
  default TokenType bufferType() {
    return TokenType.INT32;
  }

  /**
   * Reads part of a document into a place of a buffer.
   *
   * @param destination of {@link #bufferType}, or of 32 bits
   */
  default void read(int sequence, int offset, int length, TokenBuffer destination, int at) {
    int[] ids = new int[length];
    read(sequence, offset, length, ids, 0);
    destination.put(at, ids, length);
  }

  /**
   * Reads a document from an offset on, to its end or as far as wanted.
   *
   * @param most tokens wanted
   * @return tokens read; none when the document is empty
   */
  default int readUpTo(int sequence, int offset, int most, TokenBuffer destination, int at) {
    int count = Math.min(most, length(sequence) - offset);
    read(sequence, offset, count, destination, at);
    return count;
  }

  /** Number of tokens in all documents. */
  default long tokens() {
    long sum = 0;
    for (int i = 0; i < sequences(); i++) {
      sum += length(i);
    }
    return sum;
  }

  /** The documents from one number, included, to another, excluded. */
  default DocumentSource range(int from, int to) {
    return new DocumentRange(this, from, to);
  }
}
