package dev.pawl.model.dataset;

import java.util.Arrays;
import java.util.List;

/** The documents of several sources, one source after the other. */
public final class JoinedDocuments implements DocumentSource {
  private final List<DocumentSource> sources;
  private final int[] starts;

  /** Joins sources; at least one. */
  public JoinedDocuments(List<? extends DocumentSource> sources) {
    this.sources = List.copyOf(sources);
    starts = new int[this.sources.size() + 1];
    for (int i = 0; i < this.sources.size(); i++) {
      starts[i + 1] = Math.addExact(starts[i], this.sources.get(i).sequences());
    }
  }

  @Override
  public int sequences() {
    return starts[starts.length - 1];
  }

  @Override
  public int length(int sequence) {
    int owner = owner(sequence);
    return sources.get(owner).length(sequence - starts[owner]);
  }

  @Override
  public void read(int sequence, int offset, int length, int[] destination, int at) {
    int owner = owner(sequence);
    sources.get(owner).read(sequence - starts[owner], offset, length, destination, at);
  }

  @Override
  public TokenType bufferType() {
    boolean narrow = sources.stream().allMatch(s -> s.bufferType() == TokenType.UINT16);
    return narrow ? TokenType.UINT16 : TokenType.INT32;
  }

  @Override
  public void read(int sequence, int offset, int length, TokenBuffer destination, int at) {
    int owner = owner(sequence);
    sources.get(owner).read(sequence - starts[owner], offset, length, destination, at);
  }

  @Override
  public int readUpTo(int sequence, int offset, int most, TokenBuffer destination, int at) {
    int owner = owner(sequence);
    return sources.get(owner).readUpTo(sequence - starts[owner], offset, most, destination, at);
  }

  // Empty sources share their start with the next one: the last of equal starts owns the document.
  private int owner(int sequence) {
    if (starts.length == 2) {
      return 0;
    }
    int found = Arrays.binarySearch(starts, sequence);
    int owner = found >= 0 ? found : -found - 2;
    while (starts[owner + 1] <= sequence) {
      owner++;
    }
    return owner;
  }
}
