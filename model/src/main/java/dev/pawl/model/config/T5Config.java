package dev.pawl.model.config;

/**
 * A T5 encoder or decoder stack (block-transformer.md 1.7): RMSNorm, unscaled attention, ReLU MLP
 * without biases, relative-position bias of the first layer shared by all, one table for input and
 * output.
 */
public record T5Config(
    @Setting(doc = "Width of a hidden vector.", min = 1) int dModel,
    @Setting(doc = "Width of the MLP; 0 is 4 x d_model.", defaultValue = "0", min = 0) int dFf,
    @Setting(doc = "Width of a head.", defaultValue = "64", min = 1) int dKv,
    @Setting(doc = "Number of layers.", min = 1) int numLayers,
    @Setting(doc = "Attention heads; 0 is d_model / d_kv.", defaultValue = "0", min = 0)
        int numHeads,
    @Setting(doc = "Rows of the table of relative positions.", defaultValue = "32", min = 4)
        int relativeAttentionNumBuckets,
    @Setting(
            doc = "Distance from which on all positions share a bucket.",
            defaultValue = "128",
            min = 2)
        int relativeAttentionMaxDistance,
    @Setting(doc = "Dropout, in training.", defaultValue = "0.1", min = 0, max = 0.99)
        double dropoutRate,
    @Setting(doc = "Epsilon of every RMSNorm.", defaultValue = "1e-6", min = 0)
        double layerNormEpsilon)
    implements EmbedderNetwork, TokenDecoderNetwork {

  public T5Config {
    if (dFf == 0) {
      dFf = 4 * dModel;
    }
    if (numHeads == 0) {
      if (dModel % dKv != 0) {
        throw new IllegalArgumentException(
            "d_model %d is not a multiple of d_kv %d: give num_heads".formatted(dModel, dKv));
      }
      numHeads = dModel / dKv;
    }
    if (relativeAttentionNumBuckets % 4 != 0
        || relativeAttentionMaxDistance <= relativeAttentionNumBuckets / 2) {
      throw new IllegalArgumentException(
          "relative_attention_num_buckets %d must be a multiple of 4, and"
                  .formatted(relativeAttentionNumBuckets)
              + " relative_attention_max_distance %d above half of it"
                  .formatted(relativeAttentionMaxDistance));
    }
  }

  @Override
  public int width() {
    return dModel;
  }
}
