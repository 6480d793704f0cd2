package dev.pawl.model.config;

/** How weight decay goes from its start to its end over the training (megatron.md 5.4). */
public enum WeightDecayStyle {
  CONSTANT,
  LINEAR,
  COSINE
}
