package dev.pawl.model.architecture;

import dev.pawl.model.config.BlockConfig;
import dev.pawl.model.config.DecoderConfig;
import dev.pawl.model.config.LookupConfig;
import dev.pawl.model.config.ModelConfig;
import dev.pawl.model.config.VanillaConfig;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Parameter tables with the names, shapes and initial values of block-transformer.md 1.9 and 3. */
final class Architectures {
  private final List<ParameterSpec> parameters = new ArrayList<>();
  private final Map<String, Object> settings = new LinkedHashMap<>();

  private Architectures() {}

  static Architecture of(ModelConfig config) {
    if (config.vocabSize() < 1) {
      throw new IllegalArgumentException("vocab_size is not known");
    }
    Architectures table = new Architectures();
    if (config instanceof VanillaConfig vanilla) {
      return table.vanilla(vanilla);
    }
    return table.block((BlockConfig) config);
  }

  private Architecture vanilla(VanillaConfig config) {
    stackSettings("", config.modelConfig());
    DecoderConfig stack = config.modelConfig();
    add("gpt_neox.embed_in.weight", weight(stack), config.vocabSize(), stack.hiddenSize());
    stack("gpt_neox.", stack);
    add("embed_out.weight", weight(stack), config.vocabSize(), stack.hiddenSize());
    return new Architecture(config, "vanilla", "Vanilla", settings, List.copyOf(parameters));
  }

  private Architecture block(BlockConfig config) {
    DecoderConfig block = config.blockDecoder().config();
    DecoderConfig token = (DecoderConfig) config.tokenDecoder().config();
    int vocabulary = config.vocabSize();
    int prefix = config.tokenDecoder().expansionRatio();
    settings.put("block_length", config.blockLength());
    settings.put("prefix", prefix);
    stackSettings("block_", block);
    stackSettings("token_", token);

    add(
        "embedder.embeddings.weight",
        Initializer.normal(((LookupConfig) config.embedder().config()).initializerRange()),
        vocabulary,
        config.embedder().config().width());
    add("token_decoder.gpt_neox.embed_in.weight", weight(token), vocabulary, token.hiddenSize());
    stack("token_decoder.gpt_neox.", token);
    add("token_decoder.embed_out.weight", weight(token), vocabulary, token.hiddenSize());
    Initializer expansion = Initializer.normal(1 / Math.sqrt(block.hiddenSize()));
    long expanded = (long) prefix * token.hiddenSize();
    add("token_decoder.expansion_layer.weight", expansion, expanded, block.hiddenSize(), 1);
    add("token_decoder.expansion_layer.bias", Initializer.ZERO, expanded);
    stack("block_decoder.gpt_neox.", block);
    return new Architecture(config, "block", "Block", settings, List.copyOf(parameters));
  }

  private void stackSettings(String prefix, DecoderConfig stack) {
    settings.put(prefix + "layers", stack.numHiddenLayers());
    settings.put(prefix + "heads", stack.numAttentionHeads());
    settings.put(prefix + "rotary_dims", stack.rotaryDimensions());
    settings.put(prefix + "rotary_base", stack.rotaryEmbBase());
    settings.put(prefix + "eps", stack.layerNormEps());
  }

  private void stack(String root, DecoderConfig config) {
    long hidden = config.hiddenSize();
    long wide = config.intermediateSize();
    for (int i = 0; i < config.numHiddenLayers(); i++) {
      String layer = root + "layers." + i + ".";
      norm(layer + "input_layernorm", hidden);
      norm(layer + "post_attention_layernorm", hidden);
      Initializer weight = weight(config);
      linear(layer + "attention.query_key_value", weight, 3 * hidden, hidden);
      linear(layer + "attention.dense", weight, hidden, hidden);
      linear(layer + "mlp.dense_h_to_4h", weight, wide, hidden);
      linear(layer + "mlp.dense_4h_to_h", weight, hidden, wide);
    }
    norm(root + "final_layer_norm", hidden);
  }

  private static Initializer weight(DecoderConfig config) {
    return Initializer.normal(config.initializerRange());
  }

  private void linear(String name, Initializer weight, long out, long in) {
    add(name + ".weight", weight, out, in);
    add(name + ".bias", Initializer.ZERO, out);
  }

  private void norm(String name, long size) {
    add(name + ".weight", Initializer.ONE, size);
    add(name + ".bias", Initializer.ZERO, size);
  }

  private void add(String name, Initializer initializer, long... shape) {
    List<Long> dimensions = new ArrayList<>();
    for (long dimension : shape) {
      dimensions.add(dimension);
    }
    parameters.add(new ParameterSpec(name, List.copyOf(dimensions), initializer));
  }
}
