package dev.pawl.model.weights;

/** The two-byte floating-point formats, rounding to the nearest with ties to even. */
final class HalfFloats {
  private static final int SIGN = 0x8000;
  private static final int INFINITE_HALF = 0x7c00;
  private static final int QUIET_HALF = 0x7e00;
  private static final int QUIET_BFLOAT = 0x7fc0;

  /** The value of a subnormal half's last bit. */
  private static final float SMALLEST_HALF = 0x1p-24f;

  private HalfFloats() {}

  /** The upper half of a float is a bfloat16. */
  static float fromBfloat(short bits) {
    return Float.intBitsToFloat(bits << 16);
  }

  static short toBfloat(float value) {
    int bits = Float.floatToRawIntBits(value);
    if (Float.isNaN(value)) {
      return (short) (((bits >>> 16) & SIGN) | QUIET_BFLOAT);
    }
    // Adding just under half of the last place, and one more where that place is odd, carries
    // exactly when rounding goes up.
    return (short) ((bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16);
  }

  static float fromHalf(short bits) {
    int sign = (bits & SIGN) << 16;
    int exponent = (bits >>> 10) & 0x1f;
    int fraction = bits & 0x3ff;
    if (exponent == 0) {
      float magnitude = fraction * SMALLEST_HALF;
      return sign == 0 ? magnitude : -magnitude;
    }
    // Infinities and NaN keep their fraction; other exponents move from bias 15 to bias 127.
    int wide = exponent == 0x1f ? 0xff : exponent + 112;
    return Float.intBitsToFloat(sign | (wide << 23) | (fraction << 13));
  }

  static short toHalf(float value) {
    int bits = Float.floatToRawIntBits(value);
    int sign = (bits >>> 16) & SIGN;
    if (Float.isNaN(value)) {
      return (short) (sign | QUIET_HALF);
    }
    float magnitude = Math.abs(value);
    // 65504 is the largest half; what lies half a place above it, or more, rounds to infinity.
    if (magnitude >= 65520f) {
      return (short) (sign | INFINITE_HALF);
    }
    if (magnitude < 0x1p-14f) {
      // Exact: the quotient has fewer bits than a double, and rint takes ties to even.
      return (short) (sign | (int) Math.rint((double) magnitude / SMALLEST_HALF));
    }
    int rebiased = (bits & 0x7fffffff) - (112 << 23);
    return (short) (sign | ((rebiased + 0xfff + ((rebiased >>> 13) & 1)) >>> 13));
  }
}
