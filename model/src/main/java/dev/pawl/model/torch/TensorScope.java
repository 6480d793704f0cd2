package dev.pawl.model.torch;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** Owns tensors and opaque values, and frees all of them when closed. Not thread-safe. */
public final class TensorScope implements AutoCloseable {
  private final NDManager manager;
  private final List<Value> values = new ArrayList<>();

  TensorScope(NDManager manager) {
    this.manager = manager;
  }

  /** A tensor of zeros. */
  public Tensor zeros(TensorType type, long... shape) {
    return new Tensor(manager.zeros(new Shape(shape), type.dataType()));
  }

  /** Token ids and the like. */
  public Tensor longs(long[] elements, long... shape) {
    // Element by element is DJL's way of copying a long[]; a direct buffer goes over in one piece.
    ByteBuffer buffer = direct(8L * elements.length);
    buffer.asLongBuffer().put(elements);
    return new Tensor(manager.create(buffer, new Shape(shape), TensorType.INT64.dataType()));
  }

  /**
   * Token ids as int64, of 16 bits without sign or of 32 bits; the runtime widens them.
   *
   * @param elements direct and little-endian; 2 or 4 bytes for each element of the shape
   */
  public Tensor ids(ByteBuffer elements, int rows, int columns) {
    int width = elements.remaining() / Math.multiplyExact(rows, columns);
    if ((width != 2 && width != 4) || width * rows * columns != elements.remaining()) {
      throw new IllegalArgumentException(
          "%d bytes given for %d x %d ids".formatted(elements.remaining(), rows, columns));
    }
    NDArray bytes =
        manager.create(elements, new Shape(rows, (long) width * columns), DataType.UINT8);
    return Torch.memory()
        .train(
            this, width == 2 ? "ids16" : "ids32", new Arguments().tensor("raw", new Tensor(bytes)))
        .get(0);
  }

  /** A mask: true where the byte is not zero. */
  public Tensor mask(byte[] elements, long... shape) {
    ByteBuffer buffer = direct(elements.length);
    buffer.put(elements).flip();
    return new Tensor(manager.create(buffer, new Shape(shape), TensorType.BOOL.dataType()));
  }

  /** A vector of fp64 numbers. */
  public Tensor doubles(double... elements) {
    return doubles(elements, elements.length);
  }

  /** Fp64 numbers. */
  public Tensor doubles(double[] elements, long... shape) {
    ByteBuffer buffer = direct(8L * elements.length);
    buffer.asDoubleBuffer().put(elements);
    return new Tensor(manager.create(buffer, new Shape(shape), TensorType.FP64.dataType()));
  }

  /** A zeroed direct buffer in the byte order of the machine. */
  public static ByteBuffer direct(long bytes) {
    return ByteBuffer.allocateDirect(Math.toIntExact(bytes)).order(ByteOrder.nativeOrder());
  }

  /** A scope inside this one. */
  public TensorScope child() {
    return new TensorScope(manager.newSubManager());
  }

  Value own(Value value) {
    values.add(value);
    return value;
  }

  NDManager manager() {
    return manager;
  }

  @Override
  public void close() {
    values.forEach(Value::close);
    values.clear();
    manager.close();
  }

  static TensorScope on(Device device) {
    return new TensorScope(NDManager.newBaseManager(device, Torch.ENGINE));
  }
}
