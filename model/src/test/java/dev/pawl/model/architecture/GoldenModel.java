package dev.pawl.model.architecture;

import dev.pawl.model.config.BlockConfig;
import dev.pawl.model.config.BlockDecoderConfig;
import dev.pawl.model.config.DecoderConfig;
import dev.pawl.model.config.DecodingStrategy;
import dev.pawl.model.config.EmbedderClass;
import dev.pawl.model.config.EmbedderConfig;
import dev.pawl.model.config.ExpansionMethod;
import dev.pawl.model.config.LookupConfig;
import dev.pawl.model.config.ModelConfig;
import dev.pawl.model.config.Precision;
import dev.pawl.model.config.ProjectionMethod;
import dev.pawl.model.config.RobertaConfig;
import dev.pawl.model.config.T5Config;
import dev.pawl.model.config.TokenDecoderClass;
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
import java.util.Arrays;
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
    this(config, false);
  }

  GoldenModel(ModelConfig config, boolean recompute) {
    Torch.start(2);
    scope = Torch.scope();
    architecture = Architecture.of(config);
    program = architecture.load(Precision.FP64, recompute);
    weights = Weights.trainedZeros(scope, architecture, TensorType.FP64);
    gradients = Weights.trainedZeros(scope, architecture, TensorType.FP64);
    weights.forEach(GoldenModel::fill);
  }

  static VanillaConfig vanilla() {
    return new VanillaConfig(48, tiny());
  }

  static BlockConfig prefix(int expansionRatio) {
    return block(EmbedderConfig.lookup(8), TokenDecoderConfig.prefix(expansionRatio, tiny()));
  }

  static BlockConfig block(EmbedderConfig embedder, TokenDecoderConfig tokenDecoder) {
    return new BlockConfig(48, 4, embedder, BlockDecoderConfig.of(tiny()), tokenDecoder);
  }

  /** The rows of the table, by name. */
  static BlockConfig named(String name) {
    TokenDecoderConfig prefix2 = TokenDecoderConfig.prefix(2, tiny());
    return switch (name) {
      case "prefix R2" -> prefix(2);
      case "prefix R1" -> prefix(1);
      case "prefix R4" -> prefix(4);
      case "summation" -> block(EmbedderConfig.lookup(8), summation());
      case "projection" -> block(projectedLookup(), prefix2);
      case "roberta" -> block(roberta(EmbedderClass.ROBERTA), prefix2);
      case "roberta_cls" -> block(roberta(EmbedderClass.ROBERTA_CLS), prefix2);
      case "T5 cross-attention" -> block(roberta(EmbedderClass.ROBERTA_CLS), crossAttention());
      case "block length 1" ->
          new BlockConfig(
              48,
              1,
              EmbedderConfig.lookup(32),
              BlockDecoderConfig.of(tiny()),
              TokenDecoderConfig.prefix(1, tiny()));
      default -> throw new IllegalArgumentException(name);
    };
  }

  static EmbedderConfig projectedLookup() {
    return new EmbedderConfig(
        EmbedderClass.LOOKUP, 1, 3, ProjectionMethod.PROJECTION_LAYER, new LookupConfig(32, 0.02));
  }

  static EmbedderConfig roberta(EmbedderClass cls) {
    return new EmbedderConfig(
        cls,
        1,
        3,
        ProjectionMethod.PROJECTION_LAYER,
        new RobertaConfig(1, 16, 2, 32, 514, 1, 1e-5, 0, 0, 0.02));
  }

  static TokenDecoderConfig summation() {
    return new TokenDecoderConfig(
        TokenDecoderClass.GPT_NEO_X,
        ExpansionMethod.EXPANSION_LAYER,
        0,
        DecodingStrategy.SUMMATION,
        tiny());
  }

  static TokenDecoderConfig crossAttention() {
    return new TokenDecoderConfig(
        TokenDecoderClass.T5,
        ExpansionMethod.EXPANSION_LAYER,
        0,
        DecodingStrategy.CROSS_ATTENTION,
        new T5Config(32, 64, 16, 2, 2, 32, 128, 0, 1e-6));
  }

  static DecoderConfig tiny() {
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

  /** Block vectors, then contexts: 2 x batch x blocks x 32. */
  double[] inside(long[] ids, byte[] mask) {
    return infer("inside", ids, mask);
  }

  double[] logits(long[] ids, byte[] mask) {
    return infer("logits", ids, mask);
  }

  private double[] infer(String method, long[] ids, byte[] mask) {
    return program
        .infer(
            scope,
            method,
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

  static double[] numbers(String text) {
    return Arrays.stream(text.trim().split(" ")).mapToDouble(Double::parseDouble).toArray();
  }

  private static void fill(String name, Tensor tensor) {
    int tag = 0;
    String tagged =
        name.equals("token_decoder.shared.weight") ? "token_decoder.lm_head.weight" : name;
    for (byte b : tagged.getBytes(StandardCharsets.US_ASCII)) {
      tag += b;
    }
    tag %= 97;
    boolean norm =
        List.of("layernorm.weight", "layer_norm.weight", "LayerNorm.weight").stream()
            .anyMatch(name::endsWith);
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
