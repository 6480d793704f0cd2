package dev.pawl.model.checkpoint;

import dev.pawl.model.weights.NumberFormat;
import dev.pawl.model.weights.TensorData;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Elements that are read only while a save may go on. */
record GuardedData(TensorData data, SaveGuard guard) implements TensorData {
  static Map<String, TensorData> of(Map<String, TensorData> tensors, SaveGuard guard) {
    Map<String, TensorData> guarded = new LinkedHashMap<>();
    tensors.forEach((name, data) -> guarded.put(name, new GuardedData(data, guard)));
    return guarded;
  }

  @Override
  public NumberFormat format() {
    return data.format();
  }

  @Override
  public List<Long> shape() {
    return data.shape();
  }

  @Override
  public void read(long first, ByteBuffer into) throws IOException {
    guard.piece();
    data.read(first, into);
  }
}
