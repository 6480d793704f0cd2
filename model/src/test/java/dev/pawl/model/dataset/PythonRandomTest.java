package dev.pawl.model.dataset;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Numbers drawn with Python itself. */
class PythonRandomTest {
  @Test
  void doublesArePythons() {
    PythonRandom random = new PythonRandom(1234);
    assertEquals(0.9664535356921388, random.nextDouble());
    assertEquals(0.4407325991753527, random.nextDouble());
    assertEquals(0.007491470058587191, random.nextDouble());
  }

  @Test
  void integersArePythons() {
    PythonRandom random = new PythonRandom(1234);
    assertArrayEquals(
        new long[] {7, 1, 0, 1, 9, 0, 1, 1, 5, 3},
        IntStream.range(0, 10).mapToLong(i -> random.randint(0, 9)).toArray());
    assertEquals(30139623970L, random.bits(40));
    assertEquals(7275144243920214439L, random.bits(63));
    assertEquals(68034096, random.bits(32));
    // Even where there is no choice bits are drawn.
    assertArrayEquals(
        new long[3], IntStream.range(0, 3).mapToLong(i -> random.randint(0, 0)).toArray());
    assertEquals(638037343, random.bits(32));
  }

  @Test
  void wideAndNegativeSeedsArePythons() {
    PythonRandom random = new PythonRandom(-((1L << 40) + 7));
    assertEquals(2635837658L, random.bits(32));
    assertEquals(896562930786L, random.below(1_000_000_000_000L));
  }

  @Test
  void shuffleIsPythons() {
    int[] order = IntStream.range(0, 10).toArray();
    new PythonRandom(0)
        .shuffle(
            10,
            (i, j) -> {
              int kept = order[(int) i];
              order[(int) i] = order[(int) j];
              order[(int) j] = kept;
            });
    assertArrayEquals(new int[] {7, 8, 1, 5, 3, 4, 2, 0, 9, 6}, order);
  }

  @Test
  void rangesWithoutNumbersAreRefused() {
    PythonRandom random = new PythonRandom(1);
    assertThrows(IllegalArgumentException.class, () -> random.below(0));
    assertThrows(IllegalArgumentException.class, () -> random.bits(64));
  }
}
