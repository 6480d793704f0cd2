package dev.pawl.model.torch;

import ai.djl.Device;
import ai.djl.engine.Engine;
import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where tensors live and programs run.
 *
 * @param kind {@code cpu} or {@code cuda}; decides a result to the last bit, as the threads do
 * @param index which one of its kind
 */
record ComputeDevice(String kind, int index) {
  /** The environment's choice. */
  static final String VARIABLE = "PAWL_DEVICE";

  private static final Pattern NAME = Pattern.compile("cpu|cuda(?::(\\d{1,3}))?");

  /**
   * The device of a name.
   *
   * @throws PawlException CONFIG when it is none
   */
  static ComputeDevice of(String name) {
    Matcher parts = NAME.matcher(name.strip());
    if (!parts.matches()) {
      throw new PawlException(
          FailureCause.CONFIG,
          "device '%s' is none: cpu, cuda or cuda:N (of %s or --device)".formatted(name, VARIABLE));
    }
    String index = parts.group(1);
    return new ComputeDevice(
        name.strip().startsWith("cuda") ? "cuda" : "cpu",
        index == null ? 0 : Integer.parseInt(index));
  }

  /**
   * Checks that the engine has it.
   *
   * @throws PawlException CONFIG when it has not
   */
  void requirePresent(Engine engine) {
    if (kind.equals("cpu")) {
      return;
    }
    int present = engine.getGpuCount();
    if (index >= present) {
      throw new PawlException(
          FailureCause.CONFIG,
          ("device %s is not there: libtorch %s sees %d GPUs. It must be the build for CUDA"
                  + " (PYTORCH_FLAVOR=cu128, PYTORCH_VERSION=%s and PYTORCH_LIBRARY_PATH name one),"
                  + " and nvidia-smi must list the GPU; or choose %s=cpu")
              .formatted(this, engine.getVersion(), present, engine.getVersion(), VARIABLE));
    }
  }

  Device device() {
    return kind.equals("cpu") ? Device.cpu() : Device.gpu(index);
  }

  @Override
  public String toString() {
    return kind.equals("cpu") ? kind : kind + ":" + index;
  }
}
