package dev.pawl.model.weights;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** Elements that a test gives. */
record TestData(NumberFormat format, List<Long> shape, ByteBuffer bytes) implements TensorData {
  static TestData floats(List<Long> shape, float... values) {
    ByteBuffer buffer = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    for (float value : values) {
      buffer.putFloat(value);
    }
    return new TestData(NumberFormat.F32, shape, buffer.flip());
  }

  @Override
  public void read(long first, ByteBuffer into) {
    int at = (int) first * format.bytes();
    into.put(bytes.slice(at, into.remaining()));
  }

  /** All elements of a tensor as floats. */
  static float[] floats(TensorData data) throws java.io.IOException {
    float[] values = new float[(int) data.size()];
    data.as(NumberFormat.F32)
        .forEachPiece(
            (first, piece) -> {
              for (int i = 0; piece.hasRemaining(); i++) {
                values[(int) first + i] = piece.getFloat();
              }
            });
    return values;
  }
}
