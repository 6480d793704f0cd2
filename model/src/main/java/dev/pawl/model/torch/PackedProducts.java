package dev.pawl.model.torch;

import ai.djl.engine.EngineException;
import dev.pawl.model.failure.PawlException;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which of two libraries multiplies with packed matrices on this machine. */
final class PackedProducts {
  /** The library that every libtorch can load. */
  static final String PLAIN = "linear";

  private static final String ONE_DNN = "linear_onednn";
  // TorchScript's number.
  private static final long FP32 = 6;
  private static final Logger LOG = LoggerFactory.getLogger(PackedProducts.class);

  private static final class Holder {
    static final String FILE = probe();
  }

  private PackedProducts() {}

  /** The file to load as {@link #PLAIN}. */
  static String file() {
    return Holder.FILE;
  }

  // Builds without oneDNN, such as that of macOS on Arm, do not know its operators' names.
  private static String probe() {
    try (TensorScope scope = Torch.scope();
        Program probe = Torch.load("probe", "Probe", Map.of(PLAIN, ONE_DNN), Map.of())) {
      Value matrix = Value.of(scope, scope.zeros(TensorType.FP32, 4, 4));
      probe.infer(scope, "packed", matrix, matrix, Value.of(scope, FP32));
      return ONE_DNN;
    } catch (PawlException | EngineException e) {
      LOG.info("this libtorch has no oneDNN: {}", e.getMessage());
      return PLAIN;
    }
  }
}
