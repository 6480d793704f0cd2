package dev.pawl.model.tokenizer;

import java.util.concurrent.ConcurrentLinkedQueue;

/** Byte-level BPE of plain text. Thread-safe; each thread at work has a cache of its own. */
final class BytePairEncoder {
  private final BytePairs merges;
  private final ConcurrentLinkedQueue<Desk> desks = new ConcurrentLinkedQueue<>();

  BytePairEncoder(BytePairs merges) {
    this.merges = merges;
  }

  /** What one thread works with. */
  private static final class Desk {
    private final PieceCache cache = new PieceCache();
    private final Ids out = new Ids();
    private byte[] bytes = new byte[256];
  }

  /**
   * Ids of a text whose added tokens are found by {@code added}; of all of it when that is empty.
   */
  int[] encode(char[] text, AddedTokens added) {
    Desk polled = desks.poll();
    Desk desk = polled == null ? new Desk() : polled;
    try {
      desk.out.clear();
      int start = 0;
      for (int i = 0; i < text.length; i++) {
        int match = added.longest(text, i);
        if (match >= 0) {
          plain(text, start, i, desk);
          desk.out.add(added.id(match));
          i += added.length(match) - 1;
          start = i + 1;
        }
      }
      plain(text, start, text.length, desk);
      return desk.out.from(0);
    } finally {
      desks.add(desk);
    }
  }

  private void plain(char[] text, int from, int limit, Desk desk) {
    for (int start = from; start < limit; ) {
      int end = PieceScanner.end(text, start, limit);
      int slot = desk.cache.slot(text, start, end);
      int[] known = slot < 0 ? null : desk.cache.ids(slot);
      if (known != null) {
        desk.out.addAll(known);
      } else {
        int before = desk.out.size();
        int length = utf8(text, start, end, desk);
        merges.encode(desk.bytes, length, desk.out);
        if (slot >= 0) {
          desk.cache.put(text, start, end, desk.out.from(before));
        }
      }
      start = end;
    }
  }

  private static int utf8(char[] text, int start, int end, Desk desk) {
    if (desk.bytes.length < 3 * (end - start)) {
      desk.bytes = new byte[2 * 3 * (end - start)];
    }
    byte[] bytes = desk.bytes;
    int length = 0;
    for (int i = start; i < end; i++) {
      int c = text[i];
      if (c < 0x80) {
        bytes[length++] = (byte) c;
      } else if (c < 0x800) {
        bytes[length++] = (byte) (0xc0 | (c >> 6));
        bytes[length++] = (byte) (0x80 | (c & 0x3f));
      } else if (Character.isHighSurrogate((char) c)
          && i + 1 < end
          && Character.isLowSurrogate(text[i + 1])) {
        int point = Character.toCodePoint((char) c, text[++i]);
        bytes[length++] = (byte) (0xf0 | (point >> 18));
        bytes[length++] = (byte) (0x80 | ((point >> 12) & 0x3f));
        bytes[length++] = (byte) (0x80 | ((point >> 6) & 0x3f));
        bytes[length++] = (byte) (0x80 | (point & 0x3f));
      } else {
        // Half a surrogate pair is no character and has no UTF-8: U+FFFD takes its place.
        int valid = Character.isSurrogate((char) c) ? 0xfffd : c;
        bytes[length++] = (byte) (0xe0 | (valid >> 12));
        bytes[length++] = (byte) (0x80 | ((valid >> 6) & 0x3f));
        bytes[length++] = (byte) (0x80 | (valid & 0x3f));
      }
    }
    return length;
  }
}
