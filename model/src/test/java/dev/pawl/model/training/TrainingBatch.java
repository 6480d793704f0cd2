package dev.pawl.model.training;

import dev.pawl.model.architecture.Architecture;
import dev.pawl.model.architecture.Weights;
import dev.pawl.model.config.Precision;
import dev.pawl.model.torch.Arguments;
import dev.pawl.model.torch.Program;
import dev.pawl.model.torch.Tensor;
import dev.pawl.model.torch.TensorScope;
import dev.pawl.model.torch.TensorType;
import dev.pawl.model.torch.Torch;
import java.util.LinkedHashMap;
import java.util.Map;

/** A batch of four counting samples of 16 tokens, and the gradients of fresh weights on it. */
final class TrainingBatch {
  static final long[] SHAPE = {4, 16};
  private static final int ROWS = 4;
  private static final int LENGTH = 16;

  private TrainingBatch() {}

  static long[] ids() {
    long[] ids = new long[ROWS * LENGTH];
    int[] sample = new int[LENGTH];
    for (int row = 0; row < ROWS; row++) {
      TrainingFixture.COUNTING.read(row, sample, new byte[LENGTH]);
      for (int i = 0; i < LENGTH; i++) {
        ids[row * LENGTH + i] = sample[i];
      }
    }
    return ids;
  }

  static byte[] mask() {
    byte[] mask = new byte[ROWS * LENGTH];
    byte[] sample = new byte[LENGTH];
    for (int row = 0; row < ROWS; row++) {
      TrainingFixture.COUNTING.read(row, new int[LENGTH], sample);
      System.arraycopy(sample, 0, mask, row * LENGTH, LENGTH);
    }
    return mask;
  }

  /** Gradients by name, in the order of the parameters that have one. */
  static Map<String, double[]> gradients(
      Architecture architecture, Precision precision, boolean recompute, long seed) {
    try (TensorScope scope = Torch.scope();
        Program program = architecture.load(precision, recompute)) {
      Map<String, Tensor> weights = architecture.trained(Weights.initial(scope, architecture, 1));
      Map<String, Tensor> gradients = Weights.trainedZeros(scope, architecture, TensorType.FP32);
      program.train(
          scope,
          "loss_and_gradients",
          new Arguments()
              .dictionary("weights", weights)
              .dictionary("gradients", gradients)
              .tensor("ids", scope.longs(ids(), SHAPE))
              .tensor("mask", scope.mask(mask(), SHAPE))
              .tensor("weight", scope.doubles(1))
              .tensor("seed", scope.longs(new long[] {seed}, 1)));
      Map<String, double[]> copies = new LinkedHashMap<>();
      gradients.forEach((name, tensor) -> copies.put(name, tensor.toDoubles()));
      return copies;
    }
  }
}
