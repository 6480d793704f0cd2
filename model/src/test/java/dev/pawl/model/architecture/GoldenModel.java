package dev.pawl.model.architecture;

import dev.pawl.model.config.BlockConfig;
import dev.pawl.model.config.BlockDecoderConfig;
import dev.pawl.model.config.DecoderConfig;
import dev.pawl.model.config.EmbedderConfig;
import dev.pawl.model.config.ModelConfig;
import dev.pawl.model.config.Precision;
import dev.pawl.model.config.TokenDecoderConfig;
import dev.pawl.model.config.VanillaConfig;
import dev.pawl.model.torch.Arguments;
import dev.pawl.model.torch.Program;
import dev.pawl.model.torch.Tensor;
import dev.pawl.model.torch.TensorScope;
import dev.pawl.model.torch.TensorType;
import dev.pawl.model.torch.Torch;
import dev.pawl.model.torch.Value;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** The tiny models of block-transformer.md 10 with its weight rule, in fp64. */
final class GoldenModel implements AutoCloseable {
  static final long[] IDS = {
    0, 0, 7, 11, 5, 13, 0, 21, 9, 30, 41, 2, 17, 3, 26, 0, //
    8, 4, 19, 33, 12, 6, 45, 1, 28, 0, 0, 0, 14, 22, 37, 10
  };
  static final byte[] MASK = mask();
  static final long[] PROMPTS = {7, 11, 5, 13, 9, 30, 41, 2, 8, 4, 19, 33, 12, 6, 45, 1};

  final TensorScope scope;
  final Architecture architecture;
  final Program program;
  final Map<String, Tensor> weights;
  final Map<String, Tensor> gradients;

  GoldenModel(ModelConfig config) {
    Torch.start(2);
    scope = Torch.scope();
    architecture = Architecture.of(config);
    program = architecture.load(Precision.FP64);
    weights = Weights.trainedZeros(scope, architecture, TensorType.FP64);
    gradients = Weights.trainedZeros(scope, architecture, TensorType.FP64);
    weights.forEach(GoldenModel::fill);
  }

  static VanillaConfig vanilla() {
    return new VanillaConfig(48, tiny());
  }

  static BlockConfig prefix(int expansionRatio) {
    return new BlockConfig(
        48,
        4,
        EmbedderConfig.lookup(8),
        BlockDecoderConfig.of(tiny()),
        TokenDecoderConfig.prefix(expansionRatio, tiny()));
  }

  private static DecoderConfig tiny() {
    return new DecoderConfig(2, 32, 2, 64, 0.25, 10000, 1e-5, 0.02);
  }

  /** Loss and what follows it; gradients are added to {@link #gradients}. */
  double[] lossAndGradients(long[] ids, byte[] mask, double weight) {
    Arguments arguments =
        new Arguments()
            .dictionary("weights", weights)
            .dictionary("gradients", gradients)
            .tensor("ids", scope.longs(ids, 2, ids.length / 2))
            .tensor("mask", scope.mask(mask, 2, mask.length / 2))
            .tensor("weight", scope.doubles(weight))
            .tensor("seed", scope.longs(new long[] {1}, 1));
    return program.train(scope, "loss_and_gradients", arguments).get(0).toDoubles();
  }

  double[] logits(long[] ids, byte[] mask) {
    return program
        .infer(
            scope,
            "logits",
            prepared(),
            Value.of(scope, scope.longs(ids, 2, ids.length / 2)),
            Value.of(scope, scope.mask(mask, 2, mask.length / 2)))
        .tensor(scope)
        .toDoubles();
  }

  Value prepared() {
    return program.infer(scope, "prepare", Value.of(scope, weights));
  }

  double gradientNorm() {
    double sum = 0;
    for (Tensor gradient : gradients.values()) {
      for (double g : gradient.toDoubles()) {
        sum += g * g;
      }
    }
    return Math.sqrt(sum);
  }

  private static void fill(String name, Tensor tensor) {
    int tag = 0;
    for (byte b : name.getBytes(StandardCharsets.US_ASCII)) {
      tag += b;
    }
    tag %= 97;
    boolean norm =
        List.of("layernorm.weight", "layer_norm.weight").stream().anyMatch(name::endsWith);
    ByteBuffer values = TensorScope.direct(8 * tensor.size());
    for (long k = 1; k <= tensor.size(); k++) {
      values.putDouble(0.08 * Math.sin(0.7 * k + tag) + (norm ? 1 : 0));
    }
    tensor.set(values.flip());
  }

  private static byte[] mask() {
    byte[] mask = new byte[IDS.length];
    for (int i = 0; i < mask.length; i++) {
      mask[i] = (byte) (i == 0 || i == 1 || (i >= 25 && i <= 27) ? 0 : 1);
    }
    return mask;
  }

  @Override
  public void close() {
    scope.close();
    program.close();
  }
}
