package dev.pawl.model.torch;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** The arguments of a training call, in the order of the method's parameters. */
public final class Arguments {
  private record Named(String name, Tensor tensor) {}

  private final List<Named> arguments = new ArrayList<>();

  /** A dictionary parameter; the order is kept. */
  public Arguments dictionary(String parameter, Map<String, Tensor> tensors) {
    tensors.forEach((key, tensor) -> arguments.add(new Named(parameter + "." + key, tensor)));
    return this;
  }

  /** A list parameter; at least one tensor. */
  public Arguments list(String parameter, Collection<Tensor> tensors) {
    tensors.forEach(tensor -> arguments.add(new Named(parameter + "[]", tensor)));
    return this;
  }

  /** A tensor parameter. */
  public Arguments tensor(String parameter, Tensor tensor) {
    arguments.add(new Named(parameter, tensor));
    return this;
  }

  List<NDArray> named() {
    List<NDArray> arrays = new ArrayList<>(arguments.size());
    for (Named argument : arguments) {
      NDArray array = argument.tensor().array();
      array.setName(argument.name());
      arrays.add(array);
    }
    return arrays;
  }
}
