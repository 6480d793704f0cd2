package dev.pawl.model.torch;

import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.training.ParameterStore;
import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A loaded program. Its methods may be called from any thread, one call at a time. */
public final class Program implements AutoCloseable {
  private final String name;
  private final Model model;

  Program(String name, Model model) {
    this.name = name;
    this.model = model;
  }

  /**
   * Calls a method that may differentiate and may write into its arguments.
   *
   * @return its tensors, tuples flattened; they belong to the scope
   */
  public List<Tensor> train(TensorScope scope, String method, Arguments arguments) {
    Torch.prepareThread();
    // Results belong to the manager of the first array, and the names carry the structure.
    NDArray first = scope.zeros(TensorType.FP32, 1).array();
    first.setName("module_method:" + method);
    NDList list = new NDList();
    list.add(first);
    List<Tensor> results = new ArrayList<>();
    try {
      list.addAll(arguments.named());
      for (NDArray result :
          model.getBlock().forward(new ParameterStore(scope.manager(), false), list, true)) {
        results.add(new Tensor(result));
      }
    } catch (RuntimeException e) {
      throw failure(method, e);
    }
    return results;
  }

  /** Calls a method without gradients on opaque values; the result belongs to the scope. */
  public Value infer(TensorScope scope, String method, Value... arguments) {
    Torch.prepareThread();
    IValue[] values = new IValue[arguments.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = arguments[i].unwrap();
    }
    try {
      return scope.own(
          Value.wrap(IValueUtils.runMethod((PtSymbolBlock) model.getBlock(), method, values)));
    } catch (RuntimeException e) {
      throw failure(method, e);
    }
  }

  private PawlException failure(String method, RuntimeException e) {
    String text = String.valueOf(e.getMessage());
    boolean memory = text.toLowerCase(Locale.ROOT).contains("out of memory");
    memory |= text.contains("DefaultCPUAllocator: can't allocate memory");
    return new PawlException(
        memory ? FailureCause.MEMORY : FailureCause.BUG,
        "program %s, method %s: %s".formatted(name, method, text),
        e);
  }

  @Override
  public void close() {
    model.close();
  }
}
