package dev.pawl.activities.store;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

/** A store whose connections break after some bytes. */
final class BreakingReads extends ForwardingStore {
  private final int after;
  private final List<Long> offsets = new ArrayList<>();

  BreakingReads(ObjectStore of, int after) {
    super(of);
    this.after = after;
  }

  /** Where it was read from. */
  List<Long> offsets() {
    return offsets;
  }

  @Override
  public InputStream read(String name, long offset) throws IOException {
    offsets.add(offset);
    return new FilterInputStream(super.read(name, offset)) {
      private int left = after;

      @Override
      public int read(byte[] buffer, int from, int length) throws IOException {
        if (left == 0) {
          // The last piece has its end here too.
          int end = super.read(buffer, from, 1);
          if (end < 0) {
            return end;
          }
          throw new IOException("connection reset");
        }
        int n = super.read(buffer, from, Math.min(length, left));
        left -= Math.max(0, n);
        return n;
      }
    };
  }
}
