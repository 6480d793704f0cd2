package dev.pawl.model.weights;

import java.nio.ByteBuffer;
import java.util.List;

/** Zeros in a shape. */
public record ZeroData(List<Long> shape) implements TensorData {
  @Override
  public NumberFormat format() {
    return NumberFormat.F32;
  }

  @Override
  public void read(long first, ByteBuffer into) {
    while (into.hasRemaining()) {
      into.put((byte) 0);
    }
  }
}
