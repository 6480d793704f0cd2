package dev.pawl.model.config;

/** The shape of a model: everything that decides its parameters and its function, and no more. */
public sealed interface ModelConfig permits VanillaConfig, BlockConfig {

  /** Rows of the embedding tables and of the output matrix; token ids are below it. */
  int vocabSize();

  /** Tokens predicted together from one context vector; 1 for a vanilla model. */
  int blockLength();

  /** The same model over a vocabulary of another size. */
  ModelConfig withVocabSize(int vocabSize);
}
