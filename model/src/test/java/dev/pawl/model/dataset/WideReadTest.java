package dev.pawl.model.dataset;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import org.junit.jupiter.api.Test;

class WideReadTest {
  @Test
  void runsOfAnyLengthAreTheIdsOneByOne() {
    int ids = 5000;
    byte[] bytes = new byte[2 * ids];
    Random random = new Random(3);
    random.nextBytes(bytes);
    ByteBuffer segment =
        ByteBuffer.allocateDirect(bytes.length).order(ByteOrder.LITTLE_ENDIAN).put(0, bytes);
    for (int round = 0; round < 500; round++) {
      int from = random.nextInt(ids);
      int count = random.nextInt(ids - from + 1);
      int[] found = new int[count + 2];
      WideRead.uint16(segment, 2 * from, count, found, 1);
      assertEquals(0, found[0] + found[count + 1]);
      for (int i = 0; i < count; i++) {
        int low = bytes[2 * (from + i)] & 0xff;
        int high = bytes[2 * (from + i) + 1] & 0xff;
        assertEquals(low + 256 * high, found[1 + i]);
      }
    }
  }
}
