package dev.pawl.model.architecture;

import dev.pawl.model.config.DecoderConfig;
import dev.pawl.model.config.RobertaConfig;
import dev.pawl.model.config.T5Config;
import java.util.ArrayList;
import java.util.List;

/** Collects parameters in the order, names and shapes of block-transformer.md 3. */
final class ParameterTable {
  private final List<ParameterSpec> parameters = new ArrayList<>();

  List<ParameterSpec> parameters() {
    return List.copyOf(parameters);
  }

  /** Layers and final norm of a GPT-NeoX stack; {@code root} ends in a dot. */
  void neox(String root, DecoderConfig config) {
    long hidden = config.hiddenSize();
    long wide = config.intermediateSize();
    Initializer weight = Initializer.normal(config.initializerRange());
    for (int i = 0; i < config.numHiddenLayers(); i++) {
      String layer = root + "layers." + i + ".";
      norm(layer + "input_layernorm", hidden);
      norm(layer + "post_attention_layernorm", hidden);
      linear(layer + "attention.query_key_value", weight, 3 * hidden, hidden);
      linear(layer + "attention.dense", weight, hidden, hidden);
      linear(layer + "mlp.dense_h_to_4h", weight, wide, hidden);
      linear(layer + "mlp.dense_4h_to_h", weight, hidden, wide);
    }
    norm(root + "final_layer_norm", hidden);
  }

  /**
   * A RoBERTa encoder without pooler. Its padding id and position, both 1, start and stay at zero.
   */
  void roberta(String root, RobertaConfig config, long vocabulary) {
    long hidden = config.hiddenSize();
    long wide = config.intermediateSize();
    Initializer weight = Initializer.normal(config.initializerRange());
    String tables = root + "embeddings.";
    add(tables + "word_embeddings.weight", weight.withZeroRow(1), vocabulary, hidden);
    add(
        tables + "position_embeddings.weight",
        weight.withZeroRow(1),
        config.maxPositionEmbeddings(),
        hidden);
    add(tables + "token_type_embeddings.weight", weight, config.typeVocabSize(), hidden);
    norm(tables + "LayerNorm", hidden);
    for (int i = 0; i < config.numHiddenLayers(); i++) {
      String layer = root + "encoder.layer." + i + ".";
      linear(layer + "attention.self.query", weight, hidden, hidden);
      linear(layer + "attention.self.key", weight, hidden, hidden);
      linear(layer + "attention.self.value", weight, hidden, hidden);
      linear(layer + "attention.output.dense", weight, hidden, hidden);
      norm(layer + "attention.output.LayerNorm", hidden);
      linear(layer + "intermediate.dense", weight, wide, hidden);
      linear(layer + "output.dense", weight, hidden, wide);
      norm(layer + "output.LayerNorm", hidden);
    }
  }

  /** A T5 stack; {@code root} ends in a dot. A decoder also attends to a context. */
  void t5(String root, T5Config config, boolean decoder) {
    long model = config.dModel();
    for (int i = 0; i < config.numLayers(); i++) {
      String block = root + "block." + i + ".layer.";
      t5Attention(block + "0.SelfAttention.", config);
      if (i == 0) {
        add(
            block + "0.SelfAttention.relative_attention_bias.weight",
            Initializer.scaled(model),
            config.relativeAttentionNumBuckets(),
            config.numHeads());
      }
      add(block + "0.layer_norm.weight", Initializer.ONE, model);
      int last = 1;
      if (decoder) {
        t5Attention(block + "1.EncDecAttention.", config);
        add(block + "1.layer_norm.weight", Initializer.ONE, model);
        last = 2;
      }
      String dense = block + last + ".DenseReluDense.";
      add(dense + "wi.weight", Initializer.scaled(model), config.dFf(), model);
      add(dense + "wo.weight", Initializer.scaled(config.dFf()), model, config.dFf());
      add(block + last + ".layer_norm.weight", Initializer.ONE, model);
    }
    add(root + "final_layer_norm.weight", Initializer.ONE, model);
  }

  private void t5Attention(String root, T5Config config) {
    long model = config.dModel();
    long inner = (long) config.numHeads() * config.dKv();
    add(root + "q.weight", Initializer.scaled(model * config.dKv()), inner, model);
    add(root + "k.weight", Initializer.scaled(model), inner, model);
    add(root + "v.weight", Initializer.scaled(model), inner, model);
    add(root + "o.weight", Initializer.scaled(inner), model, inner);
  }

  void linear(String name, Initializer weight, long out, long in) {
    add(name + ".weight", weight, out, in);
    add(name + ".bias", Initializer.ZERO, out);
  }

  private void norm(String name, long size) {
    add(name + ".weight", Initializer.ONE, size);
    add(name + ".bias", Initializer.ZERO, size);
  }

  void add(String name, Initializer initializer, long... shape) {
    parameters.add(new ParameterSpec(name, List.of(), list(shape), initializer, true));
  }

  /** One tensor that checkpoints store under several names. */
  void addTied(String name, List<String> aliases, Initializer initializer, long... shape) {
    parameters.add(new ParameterSpec(name, aliases, list(shape), initializer, true));
  }

  /** A tensor that checkpoints hold though nothing reads it. */
  void addDead(String name, Initializer initializer, long... shape) {
    parameters.add(new ParameterSpec(name, List.of(), list(shape), initializer, false));
  }

  private static List<Long> list(long... shape) {
    List<Long> dimensions = new ArrayList<>();
    for (long dimension : shape) {
      dimensions.add(dimension);
    }
    return List.copyOf(dimensions);
  }
}
