package dev.pawl.model.dataset;

/** Token documents by number. Thread-safe for reading. */
public interface DocumentSource {
  /** Number of documents. */
  int sequences();

  /** Tokens of a document. */
  int length(int sequence);

  /** Reads part of a document into a place of an array. */
  void read(int sequence, int offset, int length, int[] destination, int at);

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
