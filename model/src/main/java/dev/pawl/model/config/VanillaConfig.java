package dev.pawl.model.config;

/** A causal GPT-NeoX language model with untied embeddings (block-transformer.md 1.3). */
public record VanillaConfig(
    @Setting(
            doc = "Rows of the embedding tables; 0 is the tokenizer's size, rounded up to 128.",
            defaultValue = "0",
            min = 0)
        int vocabSize,
    @Setting(doc = "The layers.") DecoderConfig modelConfig)
    implements ModelConfig {

  @Override
  public int blockLength() {
    return 1;
  }

  @Override
  public VanillaConfig withVocabSize(int newVocabSize) {
    return new VanillaConfig(newVocabSize, modelConfig);
  }
}
