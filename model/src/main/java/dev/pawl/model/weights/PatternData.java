package dev.pawl.model.weights;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.LongToDoubleFunction;

/** A tensor whose elements are a function of their row-major index. */
record PatternData(List<Long> shape, LongToDoubleFunction element) implements TensorData {
  @Override
  public NumberFormat format() {
    return NumberFormat.F32;
  }

  @Override
  public void read(long first, ByteBuffer into) {
    for (long i = first; into.hasRemaining(); i++) {
      into.putFloat((float) element.applyAsDouble(i));
    }
  }
}
