package dev.pawl.model.dataset;

import java.nio.ByteBuffer;
import java.nio.ShortBuffer;

/**
 * Reads runs of 16-bit ids several times as fast as one by one: a plain copy, then a loop over
 * arrays, which the compiler turns into vector instructions.
 */
final class WideRead {
  /** Below it the copy does not pay. */
  private static final int SHORT_RUN = 16;

  private static final int CHUNK = 1024;

  private WideRead() {}

  /**
   * Widens ids that follow one another.
   *
   * @param segment little-endian, at position 0
   * @param offset of the first id, in bytes; even
   */
  static void uint16(ByteBuffer segment, int offset, int count, int[] destination, int at) {
    if (count < SHORT_RUN) {
      for (int i = 0; i < count; i++) {
        destination[at + i] = segment.getShort(offset + 2 * i) & 0xffff;
      }
      return;
    }
    ShortBuffer ids = segment.asShortBuffer();
    short[] chunk = new short[Math.min(count, CHUNK)];
    for (int done = 0; done < count; done += CHUNK) {
      int length = Math.min(CHUNK, count - done);
      ids.get(offset / 2 + done, chunk, 0, length);
      widen(chunk, length, destination, at + done);
    }
  }

  private static void widen(short[] chunk, int length, int[] destination, int at) {
    for (int i = 0; i < length; i++) {
      destination[at + i] = chunk[i] & 0xffff;
    }
  }
}
