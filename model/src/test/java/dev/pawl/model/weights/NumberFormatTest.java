package dev.pawl.model.weights;

import static dev.pawl.model.weights.Refusals.refused;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class NumberFormatTest {
  @Test
  void everyHalfAndBfloatComesBackFromFloat() {
    for (int bits = 0; bits < 1 << 16; bits++) {
      float half = HalfFloats.fromHalf((short) bits);
      if (!Float.isNaN(half)) {
        assertEquals((short) bits, HalfFloats.toHalf(half));
      }
      float bfloat = HalfFloats.fromBfloat((short) bits);
      if (!Float.isNaN(bfloat)) {
        assertEquals((short) bits, HalfFloats.toBfloat(bfloat));
      }
    }
  }

  @Test
  void halvesHaveTheValuesOfTheStandard() {
    assertEquals(1f, HalfFloats.fromHalf((short) 0x3c00));
    assertEquals(-2f, HalfFloats.fromHalf((short) 0xc000));
    assertEquals(65504f, HalfFloats.fromHalf((short) 0x7bff));
    assertEquals(0x1p-14f, HalfFloats.fromHalf((short) 0x0400));
    assertEquals(0x1p-24f, HalfFloats.fromHalf((short) 0x0001));
    assertEquals(1365f / 4096, HalfFloats.fromHalf((short) 0x3555));
    assertEquals(Float.NEGATIVE_INFINITY, HalfFloats.fromHalf((short) 0xfc00));
    assertTrue(Float.isNaN(HalfFloats.fromHalf((short) 0x7e00)));
  }

  // Between two neighbours the nearer wins, and in the middle the even one: checked for every pair
  // of neighbouring positive numbers of both formats.
  @Test
  void narrowingRoundsToTheNearestAndTiesToEven() {
    for (int bits = 0; bits < 0x7bff; bits++) {
      float low = HalfFloats.fromHalf((short) bits);
      float high = HalfFloats.fromHalf((short) (bits + 1));
      float middle = (low + high) / 2;
      int even = bits + (bits & 1);
      assertEquals((short) even, HalfFloats.toHalf(middle));
      assertEquals((short) bits, HalfFloats.toHalf(Math.nextDown(middle)));
      assertEquals((short) (bits + 1), HalfFloats.toHalf(Math.nextUp(middle)));
      assertEquals((short) (even | 0x8000), HalfFloats.toHalf(-middle));
    }
    for (int bits = 0; bits < 0x7f7f; bits++) {
      float middle = Float.intBitsToFloat((bits << 16) + 0x8000);
      int even = bits + (bits & 1);
      assertEquals((short) even, HalfFloats.toBfloat(middle));
      assertEquals((short) bits, HalfFloats.toBfloat(Math.nextDown(middle)));
      assertEquals((short) (bits + 1), HalfFloats.toBfloat(Math.nextUp(middle)));
    }
  }

  @Test
  void extremesAreKept() {
    assertEquals((short) 0x7bff, HalfFloats.toHalf(65519.996f));
    assertEquals((short) 0x7c00, HalfFloats.toHalf(65520f));
    assertEquals((short) 0xfc00, HalfFloats.toHalf(-1e9f));
    assertEquals((short) 0x8000, HalfFloats.toHalf(-0f));
    assertTrue(Float.isNaN(HalfFloats.fromHalf(HalfFloats.toHalf(Float.NaN))));
    assertTrue(
        Float.isNaN(HalfFloats.fromBfloat(HalfFloats.toBfloat(Float.intBitsToFloat(0x7f800001)))));
    assertEquals((short) 0x7f80, HalfFloats.toBfloat(Float.MAX_VALUE));
  }

  @Test
  void everyPairOfFormatsConverts() throws IOException {
    TestData source = TestData.floats(List.of(2L, 3L), 1f, -0.5f, 0.25f, 96f, -3f, 0f);
    for (NumberFormat first : NumberFormat.values()) {
      for (NumberFormat second : NumberFormat.values()) {
        assertArrayEquals(
            new float[] {1f, -0.5f, 0.25f, 96f, -3f, 0f},
            TestData.floats(source.as(first).as(second)));
      }
    }
  }

  @Test
  void anUnknownPrecisionIsNamed() {
    assertEquals(NumberFormat.BF16, NumberFormat.ofPrecision("bf16"));
    refused(() -> NumberFormat.ofPrecision("fp8"), "'fp8' is no number format of weights");
  }
}
