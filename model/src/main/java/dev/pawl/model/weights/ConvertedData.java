package dev.pawl.model.weights;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** A tensor seen in another number format. */
record ConvertedData(TensorData source, NumberFormat format) implements TensorData {
  @Override
  public List<Long> shape() {
    return source.shape();
  }

  @Override
  public void read(long first, ByteBuffer into) throws IOException {
    int count = into.remaining() / format.bytes();
    ByteBuffer elements =
        ByteBuffer.allocate(count * source.format().bytes()).order(ByteOrder.LITTLE_ENDIAN);
    source.read(first, elements);
    NumberFormat.convert(elements.flip(), source.format(), into, format);
  }
}
