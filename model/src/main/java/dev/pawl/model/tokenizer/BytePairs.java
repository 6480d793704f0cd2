package dev.pawl.model.tokenizer;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * The merges of a byte-level BPE. Of all neighbouring pairs the one of lowest rank is merged, all
 * its occurrences from left to right, until no pair has a rank. Immutable once built.
 */
final class BytePairs {
  private static final int NONE = Integer.MAX_VALUE;

  private final int[] byteIds;
  private final long[] pairs;
  private final int[] ranks;
  private final int[] products;
  private final int mask;

  /**
   * Merges in order of rank.
   *
   * @param byteIds token of each of the 256 bytes
   * @param merges three numbers a merge: left token, right token, their product
   */
  BytePairs(int[] byteIds, int[] merges) {
    this.byteIds = byteIds.clone();
    int slots = Integer.highestOneBit(Math.max(16, merges.length)) * 2;
    this.mask = slots - 1;
    this.pairs = new long[slots];
    this.ranks = new int[slots];
    this.products = new int[slots];
    Arrays.fill(pairs, -1);
    for (int rank = 0; rank < merges.length / 3; rank++) {
      long pair = pair(merges[3 * rank], merges[3 * rank + 1]);
      int slot = slot(pair);
      pairs[slot] = pair;
      ranks[slot] = rank;
      products[slot] = merges[3 * rank + 2];
    }
  }

  /**
   * Whether every pair ranks behind all merges that make its parts, as in every trained file. Then
   * the order in which equal ranks are merged is of no account.
   */
  boolean productsFollow() {
    Map<Integer, Integer> lastMade = new HashMap<>();
    for (int slot = 0; slot < pairs.length; slot++) {
      if (pairs[slot] != -1) {
        lastMade.merge(products[slot], ranks[slot], Math::max);
      }
    }
    for (int slot = 0; slot < pairs.length; slot++) {
      if (pairs[slot] != -1
          && (lastMade.getOrDefault((int) (pairs[slot] >>> 32), -1) >= ranks[slot]
              || lastMade.getOrDefault((int) pairs[slot], -1) >= ranks[slot])) {
        return false;
      }
    }
    return true;
  }

  private static long pair(int left, int right) {
    return ((long) left << 32) | right;
  }

  private int slot(long pair) {
    int slot = (int) ((pair * 0x9E3779B97F4A7C15L) >>> 32) & mask;
    while (pairs[slot] != -1 && pairs[slot] != pair) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  /** Appends the tokens of one piece. */
  void encode(byte[] piece, int length, Ids out) {
    if (length == 1) {
      out.add(byteIds[piece[0] & 0xff]);
      return;
    }
    new Merging(piece, length).run(out);
  }

  /** One piece on its way: a chain of tokens and a heap of (rank, position). */
  private final class Merging {
    private final int[] token;
    private final int[] next;
    private final int[] before;
    private final int[] slotAt;
    private final int[] waiting;
    private final LongHeap heap;
    private int waitingCount;

    Merging(byte[] piece, int length) {
      token = new int[length];
      next = new int[length];
      before = new int[length];
      slotAt = new int[length];
      // A round merges at most every second token, and two neighbours wait for each.
      waiting = new int[length];
      heap = new LongHeap(length);
      for (int i = 0; i < length; i++) {
        token[i] = byteIds[piece[i] & 0xff];
        next[i] = i + 1 < length ? i + 1 : -1;
        before[i] = i - 1;
      }
      for (int i = 0; i < length; i++) {
        look(i);
        push(i);
      }
    }

    private void look(int at) {
      slotAt[at] = -1;
      if (next[at] >= 0) {
        int slot = slot(pair(token[at], token[next[at]]));
        slotAt[at] = pairs[slot] == -1 ? -1 : slot;
      }
    }

    private int rank(int at) {
      return slotAt[at] < 0 ? NONE : ranks[slotAt[at]];
    }

    private void push(int at) {
      if (rank(at) != NONE) {
        heap.push(((long) rank(at) << 32) | at);
      }
    }

    void run(Ids out) {
      while (!heap.isEmpty()) {
        // A pair that a merge brings about waits until all occurrences of this rank are merged.
        int rank = (int) (heap.peek() >>> 32);
        while (!heap.isEmpty() && (int) (heap.peek() >>> 32) == rank) {
          int at = (int) heap.pop();
          if (rank(at) == rank) {
            merge(at);
          }
        }
        for (int i = 0; i < waitingCount; i++) {
          push(waiting[i]);
        }
        waitingCount = 0;
      }
      for (int i = 0; i >= 0; i = next[i]) {
        out.add(token[i]);
      }
    }

    private void merge(int at) {
      token[at] = products[slotAt[at]];
      int gone = next[at];
      slotAt[gone] = -1;
      next[at] = next[gone];
      if (next[at] >= 0) {
        before[next[at]] = at;
      }
      look(at);
      later(at);
      if (before[at] >= 0) {
        look(before[at]);
        later(before[at]);
      }
    }

    private void later(int at) {
      if (rank(at) != NONE) {
        waiting[waitingCount++] = at;
      }
    }
  }
}
