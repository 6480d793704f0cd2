package dev.pawl.model.config;

/**
 * A RoBERTa encoder without pooler (block-transformer.md 1.5): absolute positions from 2, one token
 * type, norms after the residual, exact GELU.
 */
public record RobertaConfig(
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
    @Setting(doc = "Rows of the position table.", defaultValue = "514", min = 3)
        int maxPositionEmbeddings,
    @Setting(doc = "Rows of the token type table; the first is used.", defaultValue = "1", min = 1)
        int typeVocabSize,
    @Setting(doc = "Epsilon of every LayerNorm.", defaultValue = "1e-5", min = 0)
        double layerNormEps,
    @Setting(
            doc = "Dropout of embeddings and layer outputs, in training.",
            defaultValue = "0.1",
            min = 0,
            max = 0.99)
        double hiddenDropoutProb,
    @Setting(
            doc = "Dropout of attention probabilities, in training.",
            defaultValue = "0.1",
            min = 0,
            max = 0.99)
        double attentionProbsDropoutProb,
    @Setting(
            doc = "Standard deviation of initial weights and embeddings.",
            defaultValue = "0.02",
            min = 0)
        double initializerRange)
    implements EmbedderNetwork {

  public RobertaConfig {
    if (numAttentionHeads == 0) {
      numAttentionHeads = DecoderConfig.defaultHeads(hiddenSize);
    }
    if (intermediateSize == 0) {
      intermediateSize = 4 * hiddenSize;
    }
    DecoderConfig.requireHeads(hiddenSize, numAttentionHeads);
  }

  @Override
  public int width() {
    return hiddenSize;
  }
}
