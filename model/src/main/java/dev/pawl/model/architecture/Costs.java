package dev.pawl.model.architecture;

import dev.pawl.model.config.BlockConfig;
import dev.pawl.model.config.DecoderConfig;
import dev.pawl.model.config.EmbedderClass;
import dev.pawl.model.config.EmbedderConfig;
import dev.pawl.model.config.ExpansionMethod;
import dev.pawl.model.config.ModelConfig;
import dev.pawl.model.config.RobertaConfig;
import dev.pawl.model.config.T5Config;
import dev.pawl.model.config.TokenDecoderConfig;
import dev.pawl.model.config.VanillaConfig;

/**
 * What a model costs a token, by arithmetic on its sizes.
 *
 * <p>A multiply and an add are 2 FLOPs; only matrix products are counted, among them those of
 * attention over the keys that a query really sees, not over masked ones. Norms, activations,
 * softmax and table look-ups are left out.
 *
 * <p>A vector through a GPT-NeoX layer of width D and MLP width I that sees K keys costs {@code 8
 * D² + 4 D I + 4 D K}: fused QKV 6 D², output 2 D², MLP 4 D I, scores and weighted values 2 D K
 * each. Through a T5 layer with inner width A = heads x d_kv, F = d_ff: {@code 8 D A + 4 D F + 4 A
 * K}, and with cross-attention to C vectors {@code 4 D A + 4 A C} more, and {@code 4 D A} for each
 * of the C. The output matrix costs {@code 2 V D} a predicted token. Over n vectors in causal order
 * K is {@code (n + 1) / 2} on average, over n that all see each other it is n.
 *
 * <p>A block model's costs arise a block and are divided by its length L: the embedder over L
 * tokens (and CLS tokens), the block decoder over m vectors that see the T / L blocks of a context
 * of T tokens, the expansion {@code 2 m R E D}, and the token decoder over m R + L - 1 vectors
 * (prefix) or L (summation, cross-attention) with L rows of output. That the first block is
 * predicted by nothing is left out.
 *
 * @param trainingFlops of a token in training on samples of T tokens: three forward passes' worth
 * @param prefillFlops of a prompt token in a prompt of T tokens, whose last row alone gives logits;
 *     a block model's token decoder does not run
 * @param decodeFlops of a new token that sees T tokens
 * @param cacheValues keys and values kept of a token for as long as its sequence goes on
 * @param localCacheValues keys and values of a block's own decoder, kept a sequence for one block
 */
public record Costs(
    double trainingFlops,
    double prefillFlops,
    double decodeFlops,
    double cacheValues,
    long localCacheValues) {

  /** Backward costs twice the forward. */
  private static final double TRAINING = 3;

  /**
   * Costs at a context length.
   *
   * @param context tokens T
   */
  public static Costs of(ModelConfig config, int context) {
    return config instanceof VanillaConfig vanilla
        ? vanilla(vanilla, context)
        : block((BlockConfig) config, context);
  }

  private static Costs vanilla(VanillaConfig config, int context) {
    DecoderConfig stack = config.modelConfig();
    double head = 2.0 * config.vocabSize() * stack.hiddenSize();
    double forward = neox(stack, causal(context));
    return new Costs(
        TRAINING * (forward + head),
        forward + head / context,
        neox(stack, context) + head,
        2.0 * stack.numHiddenLayers() * stack.hiddenSize(),
        0);
  }

  private static Costs block(BlockConfig config, int context) {
    DecoderConfig stack = config.blockDecoder().config();
    int length = config.blockLength();
    long vectors = config.embedder().nEmbeddingTokens();
    double blocks = Math.max(1, (double) context / length);
    double embedder = embedder(config.embedder(), length, stack.hiddenSize());
    double mean = embedder + vectors * neox(stack, vectors * causal(blocks));
    double last = embedder + vectors * neox(stack, vectors * blocks);
    double token = token(config.tokenDecoder(), length, vectors, config);
    return new Costs(
        TRAINING * (mean + token) / length,
        mean / length,
        (last + token) / length,
        2.0 * stack.numHiddenLayers() * stack.hiddenSize() * vectors / length,
        localCache(config.tokenDecoder(), length, vectors));
  }

  private static double embedder(EmbedderConfig config, int length, int blockHidden) {
    double tokens = config.joinedTokens(length);
    double projection = config.projects() ? 2 * tokens * config.config().width() * blockHidden : 0;
    if (config.config() instanceof RobertaConfig roberta) {
      double all = roberta(config, length);
      return projection
          + all
              * layer(
                  roberta.numHiddenLayers(), roberta.hiddenSize(), roberta.intermediateSize(), all);
    }
    return config.config() instanceof T5Config t5
        ? projection + length * t5(t5, length)
        : projection;
  }

  // Tokens that the encoder reads: the block's, behind those put in front.
  private static double roberta(EmbedderConfig config, int length) {
    int joined = config.joinedTokens(length);
    return config.cls() == EmbedderClass.ROBERTA_CLS ? length + joined : length;
  }

  private static double token(
      TokenDecoderConfig config, int length, long vectors, BlockConfig whole) {
    double width = config.config().width();
    double contexts = (double) vectors * config.expansionRatio();
    double expansion =
        config.expansionMethod() == ExpansionMethod.EXPANSION_LAYER
            ? 2 * contexts * width * whole.blockDecoder().config().hiddenSize()
            : 0;
    double head = 2.0 * length * whole.vocabSize() * width;
    double rows = tokenRows(config, length, vectors);
    if (config.config() instanceof T5Config t5) {
      double inner = (double) t5.numHeads() * t5.dKv();
      double cross =
          rows * (4 * width * inner + 4 * inner * contexts) + contexts * 4 * width * inner;
      return expansion + head + rows * t5(t5, causal(rows)) + t5.numLayers() * cross;
    }
    return expansion + head + rows * neox((DecoderConfig) config.config(), causal(rows));
  }

  private static long tokenRows(TokenDecoderConfig config, int length, long vectors) {
    return switch (config.decodingStrategy()) {
      case PREFIX -> vectors * config.expansionRatio() + length - 1;
      case SUMMATION, CROSS_ATTENTION -> length;
    };
  }

  private static long localCache(TokenDecoderConfig config, int length, long vectors) {
    long rows = tokenRows(config, length, vectors);
    if (config.config() instanceof T5Config t5) {
      long contexts = vectors * config.expansionRatio();
      return 2L * t5.numLayers() * t5.numHeads() * t5.dKv() * (rows + contexts);
    }
    DecoderConfig stack = (DecoderConfig) config.config();
    return 2L * stack.numHiddenLayers() * stack.hiddenSize() * rows;
  }

  // A vector through a stack of GPT-NeoX layers.
  private static double neox(DecoderConfig stack, double keys) {
    return layer(stack.numHiddenLayers(), stack.hiddenSize(), stack.intermediateSize(), keys);
  }

  private static double layer(double layers, double hidden, double wide, double keys) {
    return layers * (8 * hidden * hidden + 4 * hidden * wide + 4 * hidden * keys);
  }

  // A vector through a stack of T5 layers, without cross-attention.
  private static double t5(T5Config stack, double keys) {
    double hidden = stack.dModel();
    double inner = (double) stack.numHeads() * stack.dKv();
    return stack.numLayers() * (8 * hidden * inner + 4 * hidden * stack.dFf() + 4 * inner * keys);
  }

  private static double causal(double vectors) {
    return (vectors + 1) / 2;
  }
}
