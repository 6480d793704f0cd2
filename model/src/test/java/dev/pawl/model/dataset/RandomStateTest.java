package dev.pawl.model.dataset;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The golden vectors of megatron.md 3.9, and some more drawn with NumPy itself. */
class RandomStateTest {
  private final RandomState random = new RandomState(1234);

  @Test
  void wordsAreThePublishedOnes() {
    assertArrayEquals(
        new long[] {822569775, 2137449171, 2671936806L, 3512589365L, 1880026316},
        IntStream.range(0, 5).mapToLong(i -> random.next32()).toArray());
  }

  @Test
  void shuffleIsThePublishedOne() {
    assertArrayEquals(new int[] {7, 2, 9, 1, 0, 8, 4, 5, 6, 3}, random.permutation(10));
  }

  @Test
  void doublesAreThePublishedOnes() {
    assertEquals(0.1915194503788923, random.nextDouble());
    assertEquals(0.6221087710398319, random.nextDouble());
    assertEquals(0.4377277390071145, random.nextDouble());
  }

  @Test
  void randintIsThePublishedOne() {
    assertArrayEquals(
        new long[] {4, 4, 3, 2, 1, 1, 1, 2},
        IntStream.range(0, 8).mapToLong(i -> random.randint(1, 5)).toArray());
  }

  @Test
  void choiceIsThePublishedOne() {
    double[] probabilities = {6.0 / 11, 3.0 / 11, 2.0 / 11};
    assertArrayEquals(
        new int[] {1, 2, 1, 2, 2, 1, 1, 2},
        IntStream.range(0, 8).map(i -> 1 + random.choice(probabilities)).toArray());
  }

  @Test
  void geometricIsThePublishedOne() {
    assertArrayEquals(
        new long[] {1, 5, 3, 7, 7, 2, 2, 8},
        IntStream.range(0, 8).mapToLong(i -> random.geometric(0.2)).toArray());
    assertThrows(IllegalArgumentException.class, () -> random.geometric(0.5));
  }

  @Test
  void wideNumbersTakeTwoWords() {
    // numpy.random.RandomState(1234).randint(0, 10**12, size=4)
    assertArrayEquals(
        WIDE,
        IntStream.range(0, 4).mapToLong(i -> random.randint(0, 1_000_000_000_000L)).toArray());
  }

  @Test
  void oneChoiceTakesNoWord() {
    assertEquals(0, random.bounded(0));
    assertEquals(822569775, random.next32());
    assertThrows(IllegalArgumentException.class, () -> random.bounded(-1));
  }

  private static final long[] WIDE = {204000912083L, 166721346613L, 878802328948L, 656147994617L};
}
