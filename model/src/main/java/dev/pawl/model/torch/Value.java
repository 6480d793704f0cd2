package dev.pawl.model.torch;

import ai.djl.ndarray.NDList;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.IValue;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An argument or result of an inference call that Java does not look into: weights, caches, sizes.
 * Lives as long as its scope. Must not be fed to training.
 */
public final class Value implements AutoCloseable {
  private final IValue value;

  private Value(IValue value) {
    this.value = value;
  }

  /** A tensor as an argument. */
  public static Value of(TensorScope scope, Tensor tensor) {
    return scope.own(new Value(IValue.from((PtNDArray) tensor.array())));
  }

  /** A whole number as an argument. */
  public static Value of(TensorScope scope, long number) {
    return scope.own(new Value(IValue.from(number)));
  }

  /** Named tensors, order kept, as an argument. */
  public static Value of(TensorScope scope, Map<String, Tensor> tensors) {
    Map<String, PtNDArray> arrays = new LinkedHashMap<>();
    tensors.forEach((name, tensor) -> arrays.put(name, (PtNDArray) tensor.array()));
    return scope.own(new Value(IValue.stringMapFrom(arrays)));
  }

  /** The tensor in this value; it then belongs to the scope. */
  public Tensor tensor(TensorScope scope) {
    NDList list = value.toNDList((ai.djl.pytorch.engine.PtNDManager) scope.manager());
    return new Tensor(list.singletonOrThrow());
  }

  static Value wrap(IValue value) {
    return new Value(value);
  }

  IValue unwrap() {
    return value;
  }

  @Override
  public void close() {
    value.close();
  }
}
