package dev.pawl.model.dataset;

import java.util.Objects;

/** Consecutive documents of a source. */
record DocumentRange(DocumentSource source, int from, int to) implements DocumentSource {
  DocumentRange {
    Objects.checkFromToIndex(from, to, source.sequences());
  }

  @Override
  public int sequences() {
    return to - from;
  }

  @Override
  public int length(int sequence) {
    return source.length(from + sequence);
  }

  @Override
  public void read(int sequence, int offset, int length, int[] destination, int at) {
    source.read(from + sequence, offset, length, destination, at);
  }

  @Override
  public TokenType bufferType() {
    return source.bufferType();
  }

  @Override
  public void read(int sequence, int offset, int length, TokenBuffer destination, int at) {
    source.read(from + sequence, offset, length, destination, at);
  }
}
