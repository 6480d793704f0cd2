package dev.pawl.model.dataset.megatron;

import dev.pawl.model.dataset.DocumentSource;
import java.util.Objects;

/** Documents whose tokens are numbered through: 0, 1, 2, ... */
final class CountedTokens implements DocumentSource {
  private final int[] lengths;
  private final int[] starts;

  CountedTokens(int... lengths) {
    this.lengths = lengths.clone();
    starts = new int[lengths.length + 1];
    for (int i = 0; i < lengths.length; i++) {
      starts[i + 1] = starts[i] + lengths[i];
    }
  }

  @Override
  public int sequences() {
    return lengths.length;
  }

  @Override
  public int length(int sequence) {
    return lengths[sequence];
  }

  @Override
  public void read(int sequence, int offset, int length, int[] destination, int at) {
    Objects.checkFromIndexSize(offset, length, lengths[sequence]);
    for (int i = 0; i < length; i++) {
      destination[at + i] = starts[sequence] + offset + i;
    }
  }
}
