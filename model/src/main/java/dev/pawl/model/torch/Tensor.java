package dev.pawl.model.torch;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** A dense array in the memory of the runtime. Lives as long as the scope it was made in. */
public final class Tensor {
  private final NDArray array;

  Tensor(NDArray array) {
    this.array = array;
  }

  public long[] shape() {
    return array.getShape().getShape();
  }

  public TensorType type() {
    return TensorType.of(array.getDataType());
  }

  /** Number of elements. */
  public long size() {
    return array.size();
  }

  /** A copy of the elements, row-major and little-endian. */
  public ByteBuffer toBytes() {
    return array.toByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * Replaces all elements by those of a row-major little-endian direct buffer of exactly their
   * size.
   */
  public void set(ByteBuffer elements) {
    if (elements.remaining() != size() * type().bytes()) {
      throw new IllegalArgumentException(
          "%d bytes given for a tensor of %d elements of %d"
              .formatted(elements.remaining(), size(), type().bytes()));
    }
    // NDArray.set would make the tensor live in the given buffer: on a mapped file that is
    // read-only
    // memory, and on any buffer another alignment, on which the last bits of a product may depend.
    try (TensorScope scope = Torch.scope()) {
      NDArray source = scope.manager().create(elements, array.getShape(), array.getDataType());
      Torch.memory()
          .train(
              scope,
              "copy",
              new Arguments().tensor("into", this).tensor("source", new Tensor(source)));
    }
  }

  /** Replaces all elements by those of a tensor of the same shape and type, on any device. */
  public void copyFrom(Tensor source) {
    try (TensorScope scope = Torch.scope()) {
      Torch.memory()
          .train(scope, "copy", new Arguments().tensor("into", this).tensor("source", source));
    }
  }

  /**
   * Reads consecutive elements into the rest of a little-endian buffer. No program runs, where the
   * tensor is in the memory of the host: another thread may compute meanwhile, with other tensors.
   *
   * @param first index of the first element, row-major
   */
  public void read(long first, ByteBuffer into) {
    int width = type().bytes();
    int count = into.remaining() / width;
    if (!array.getDevice().equals(Device.cpu())) {
      into.put(part(first, count));
    } else if (size() * width <= Integer.MAX_VALUE) {
      ByteBuffer all = array.toByteBuffer(true);
      into.put(all.slice(Math.toIntExact(first * width), count * width));
    } else {
      // More than one buffer can show.
      try (NDArray flat = array.reshape(-1);
          NDArray piece = flat.get(new NDIndex("{}:{}", first, first + count))) {
        into.put(piece.toByteBuffer(true));
      }
    }
  }

  /**
   * A copy of some consecutive elements, row-major and little-endian; for tensors that are too
   * large for one buffer.
   *
   * @param first index of the first element
   */
  public ByteBuffer part(long first, int count) {
    try (TensorScope scope = Torch.scope()) {
      return Torch.memory()
          .train(
              scope,
              "part",
              new Arguments()
                  .tensor("source", this)
                  .tensor("range", scope.longs(new long[] {first, first + count}, 2)))
          .get(0)
          .toBytes();
    }
  }

  /**
   * Replaces consecutive elements by those of a little-endian direct buffer.
   *
   * @param first index of the first element
   */
  public void setPart(long first, ByteBuffer elements) {
    long count = elements.remaining() / type().bytes();
    if (first < 0 || first + count > size() || count * type().bytes() != elements.remaining()) {
      throw new IllegalArgumentException(
          "%d bytes given from element %d on for a tensor of %d elements of %d"
              .formatted(elements.remaining(), first, size(), type().bytes()));
    }
    try (TensorScope scope = Torch.scope()) {
      NDArray source = scope.manager().create(elements, new Shape(count), array.getDataType());
      Torch.memory()
          .train(
              scope,
              "copy_part",
              new Arguments()
                  .tensor("into", this)
                  .tensor("source", new Tensor(source))
                  .tensor("range", scope.longs(new long[] {first, first + count}, 2)));
    }
  }

  /** A copy of the elements of a floating-point tensor. */
  public double[] toDoubles() {
    ByteBuffer bytes = toBytes();
    double[] values = new double[Math.toIntExact(size())];
    boolean wide = type() == TensorType.FP64;
    for (int i = 0; i < values.length; i++) {
      values[i] = wide ? bytes.getDouble(8 * i) : bytes.getFloat(4 * i);
    }
    return values;
  }

  /** A copy of the elements of an integer tensor. */
  public long[] toLongs() {
    return array.toLongArray();
  }

  NDArray array() {
    return array;
  }
}
