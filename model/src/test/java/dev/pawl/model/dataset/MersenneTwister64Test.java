package dev.pawl.model.dataset;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** The golden words of megatron.md 3.10, and the ten thousandths that the C++ standard requires. */
class MersenneTwister64Test {
  @Test
  void wordsAreThePublishedOnes() {
    MersenneTwister64 random = new MersenneTwister64(1235);
    assertEquals(Long.parseUnsignedLong("12475983374653888083"), random.nextInt64());
    assertEquals(573922149886606219L, random.nextInt64());
    assertEquals(5802434057304372554L, random.nextInt64());
  }

  @Test
  void theTenThousandthWordsAreTheStandardsOnes() {
    // ISO C++, [rand.predef]: of default-constructed engines, whose seed is 5489.
    MersenneTwister64 wide = new MersenneTwister64(5489);
    MersenneTwister narrow = new MersenneTwister(5489);
    for (int i = 1; i < 10_000; i++) {
      wide.nextInt64();
      narrow.nextInt32();
    }
    assertEquals(Long.parseUnsignedLong("9981545732273789042"), wide.nextInt64());
    assertEquals(4123659995L, narrow.nextInt32() & 0xffffffffL);
  }
}
