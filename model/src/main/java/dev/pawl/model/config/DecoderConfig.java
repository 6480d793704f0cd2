package dev.pawl.model.config;

/**
 * A stack of GPT-NeoX layers as configured by Pythia (block-transformer.md 1.1): parallel residual,
 * LayerNorm with bias, fused QKV with a per-head layout, rotary embedding over a quarter of each
 * head, exact GELU; dropout where GPT-NeoX has it, off in Pythia.
 */
public record DecoderConfig(
    @Setting(doc = "Number of layers.", min = 1) int numHiddenLayers,
    @Setting(doc = "Width of a hidden vector; a multiple of num_attention_heads.", min = 1)
        int hiddenSize,
    @Setting(
            doc = "Attention heads; 0 takes heads of size 32, 64 or 128 by hidden size.",
            defaultValue = "0",
            min = 0)
        int numAttentionHeads,
    @Setting(doc = "Width of the MLP; 0 is 4 x hidden_size.", defaultValue = "0", min = 0)
        int intermediateSize,
    @Setting(doc = "Share of each head that is rotated.", defaultValue = "0.25", min = 0, max = 1)
        double rotaryPct,
    @Setting(doc = "Base of the rotary frequencies.", defaultValue = "10000", min = 1)
        double rotaryEmbBase,
    @Setting(doc = "Epsilon of every LayerNorm.", defaultValue = "1e-5", min = 0)
        double layerNormEps,
    @Setting(
            doc = "Standard deviation of initial weights and embeddings.",
            defaultValue = "0.02",
            min = 0)
        double initializerRange,
    @Setting(
            doc =
                "Dropout, in training, of the vectors that enter the stack and of what attention and"
                    + " MLP add in each layer.",
            defaultValue = "0",
            min = 0,
            max = 0.99)
        double hiddenDropout,
    @Setting(
            doc = "Dropout of attention probabilities, in training.",
            defaultValue = "0",
            min = 0,
            max = 0.99)
        double attentionDropout)
    implements TokenDecoderNetwork {

  public DecoderConfig {
    if (numAttentionHeads == 0) {
      numAttentionHeads = defaultHeads(hiddenSize);
    }
    if (intermediateSize == 0) {
      intermediateSize = 4 * hiddenSize;
    }
    requireHeads(hiddenSize, numAttentionHeads);
    int headSize = hiddenSize / numAttentionHeads;
    int rotaryDimensions = (int) (headSize * rotaryPct);
    if (rotaryDimensions % 2 != 0) {
      throw new IllegalArgumentException(
          "head size %d x rotary_pct %s gives %d rotated dimensions; an even number is needed"
              .formatted(headSize, rotaryPct, rotaryDimensions));
    }
  }

  /** A stack without dropout. */
  public DecoderConfig(
      int numHiddenLayers,
      int hiddenSize,
      int numAttentionHeads,
      int intermediateSize,
      double rotaryPct,
      double rotaryEmbBase,
      double layerNormEps,
      double initializerRange) {
    this(
        numHiddenLayers,
        hiddenSize,
        numAttentionHeads,
        intermediateSize,
        rotaryPct,
        rotaryEmbBase,
        layerNormEps,
        initializerRange,
        0,
        0);
  }

  /** The same stack with dropout. */
  public DecoderConfig withDropout(double hidden, double attention) {
    return new DecoderConfig(
        numHiddenLayers,
        hiddenSize,
        numAttentionHeads,
        intermediateSize,
        rotaryPct,
        rotaryEmbBase,
        layerNormEps,
        initializerRange,
        hidden,
        attention);
  }

  /** A stack with Pythia's settings and derived head count and MLP width. */
  public static DecoderConfig of(int numHiddenLayers, int hiddenSize, int numAttentionHeads) {
    return new DecoderConfig(
        numHiddenLayers, hiddenSize, numAttentionHeads, 0, 0.25, 10000, 1e-5, 0.02);
  }

  public int headSize() {
    return hiddenSize / numAttentionHeads;
  }

  /** Number of leading dimensions of each head that are rotated; even. */
  public int rotaryDimensions() {
    return (int) (headSize() * rotaryPct);
  }

  @Override
  public int width() {
    return hiddenSize;
  }

  // The published rule for block models whose YAML names no head count (block-transformer.md 1.1).
  static int defaultHeads(int hiddenSize) {
    int headSize = 128;
    if (hiddenSize <= 256) {
      headSize = 32;
    } else if (hiddenSize <= 1536) {
      headSize = 64;
    }
    return Math.max(1, hiddenSize / headSize);
  }

  static void requireHeads(int hiddenSize, int numAttentionHeads) {
    if (hiddenSize % numAttentionHeads != 0) {
      throw new IllegalArgumentException(
          "hidden_size %d is not a multiple of num_attention_heads %d"
              .formatted(hiddenSize, numAttentionHeads));
    }
  }
}
