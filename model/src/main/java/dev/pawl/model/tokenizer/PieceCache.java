package dev.pawl.model.tokenizer;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Token ids of pieces met before. Emptied when full. Not thread-safe. */
final class PieceCache {
  private static final int SLOTS = 1 << 17;
  private static final int MOST_PIECES = SLOTS / 2;
  private static final int LONGEST_PIECE = 48;

  private final char[][] pieces = new char[SLOTS][];
  private final int[][] ids = new int[SLOTS][];
  private int size;

  /** Where a piece stands or would stand; -1 when it is too long to be kept. */
  int slot(char[] text, int start, int end) {
    if (end - start > LONGEST_PIECE) {
      return -1;
    }
    int hash = 0;
    for (int i = start; i < end; i++) {
      hash = hash * 31 + text[i];
    }
    hash *= 0x9E3779B1;
    int slot = hash >>> (32 - 17);
    while (true) {
      char[] piece = pieces[slot];
      if (piece == null || Arrays.equals(piece, 0, piece.length, text, start, end)) {
        return slot;
      }
      slot = (slot + 1) & (SLOTS - 1);
    }
  }

  /** Ids at a slot, or null when no piece stands there. */
  int @Nullable [] ids(int slot) {
    return ids[slot];
  }

  /** Keeps the ids of a piece that is not there yet and short enough. */
  void put(char[] text, int start, int end, int[] pieceIds) {
    if (size == MOST_PIECES) {
      Arrays.fill(pieces, null);
      Arrays.fill(ids, null);
      size = 0;
    }
    int free = slot(text, start, end);
    pieces[free] = Arrays.copyOfRange(text, start, end);
    ids[free] = pieceIds;
    size++;
  }
}
