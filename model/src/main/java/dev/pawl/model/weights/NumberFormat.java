package dev.pawl.model.weights;

import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import java.nio.ByteBuffer;
import java.util.Locale;

/** Floating-point formats of stored weights; the names are those of a safetensors header. */
public enum NumberFormat {
  F64(8),
  F32(4),
  F16(2),
  BF16(2);

  private final int bytes;

  NumberFormat(int bytes) {
    this.bytes = bytes;
  }

  /** Bytes of one element. */
  public int bytes() {
    return bytes;
  }

  /** The name that training libraries use, {@code float32} and so on. */
  public String torchName() {
    return switch (this) {
      case F64 -> "float64";
      case F32 -> "float32";
      case F16 -> "float16";
      case BF16 -> "bfloat16";
    };
  }

  /**
   * The format of a precision's short name: fp64, fp32, fp16 or bf16.
   *
   * @throws PawlException CONFIG for any other
   */
  public static NumberFormat ofPrecision(String name) {
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "fp64" -> F64;
      case "fp32" -> F32;
      case "fp16" -> F16;
      case "bf16" -> BF16;
      default ->
          throw new PawlException(
              FailureCause.CONFIG,
              "'%s' is no number format of weights; use fp32, fp16, bf16 or fp64".formatted(name));
    };
  }

  /**
   * Converts all remaining elements of one buffer into another; both little-endian. Narrowing
   * rounds to the nearest, ties to even (from F64 to the two-byte formats by way of F32).
   */
  static void convert(ByteBuffer source, NumberFormat from, ByteBuffer target, NumberFormat to) {
    if (from == to) {
      target.put(source);
      return;
    }
    while (source.hasRemaining()) {
      if (from == F64) {
        put(target, to, source.getDouble());
      } else {
        float value = getFloat(source, from);
        if (to == F64) {
          target.putDouble(value);
        } else {
          putFloat(target, to, value);
        }
      }
    }
  }

  private static void put(ByteBuffer target, NumberFormat to, double value) {
    if (to == F64) {
      target.putDouble(value);
    } else {
      putFloat(target, to, (float) value);
    }
  }

  private static float getFloat(ByteBuffer source, NumberFormat from) {
    return switch (from) {
      case F32 -> source.getFloat();
      case F16 -> HalfFloats.fromHalf(source.getShort());
      case BF16 -> HalfFloats.fromBfloat(source.getShort());
      case F64 -> throw new IllegalStateException("an F64 element is wider than a float");
    };
  }

  private static void putFloat(ByteBuffer target, NumberFormat to, float value) {
    switch (to) {
      case F32 -> target.putFloat(value);
      case F16 -> target.putShort(HalfFloats.toHalf(value));
      case BF16 -> target.putShort(HalfFloats.toBfloat(value));
      case F64 -> target.putDouble(value);
    }
  }
}
