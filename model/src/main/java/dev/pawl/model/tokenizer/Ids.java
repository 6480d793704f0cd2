package dev.pawl.model.tokenizer;

import java.util.Arrays;

/** Token ids in the making. Not thread-safe. */
final class Ids {
  private int[] ids = new int[256];
  private int size;

  void add(int id) {
    if (size == ids.length) {
      ids = Arrays.copyOf(ids, 2 * size);
    }
    ids[size++] = id;
  }

  void addAll(int[] more) {
    if (size + more.length > ids.length) {
      ids = Arrays.copyOf(ids, Math.max(2 * ids.length, size + more.length));
    }
    System.arraycopy(more, 0, ids, size, more.length);
    size += more.length;
  }

  int size() {
    return size;
  }

  void clear() {
    size = 0;
  }

  int[] from(int start) {
    return Arrays.copyOfRange(ids, start, size);
  }
}
