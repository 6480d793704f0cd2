package dev.pawl.model.weights;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The sizes of a model as its tensors tell them, under the names of the configuration
 * (block-transformer.md 3.3). Head counts leave no trace in shapes. Where two sets of tensors
 * disagree, so do these sizes, and say in a word what shapes say in hundreds.
 */
final class ModelSizes {
  private static final Pattern LAYER =
      Pattern.compile("(.*?)(?:layers|encoder\\.layer|block)\\.(\\d+)\\..*");
  private static final List<String> STACKS =
      List.of("", "token_decoder.", "block_decoder.", "embedder.");

  private final Map<String, List<Long>> shapes;
  private final Map<String, Long> sizes = new LinkedHashMap<>();

  private ModelSizes(Map<String, List<Long>> shapes) {
    this.shapes = shapes;
  }

  /** The sizes by configuration key, of what can be told from the shapes by tensor name. */
  static Map<String, Long> of(Map<String, List<Long>> shapes) {
    return new ModelSizes(shapes).all();
  }

  /** Which kind of model the names belong to. */
  static String kind(Iterable<String> names) {
    for (String name : names) {
      if (name.startsWith("token_decoder.") || name.startsWith("block_decoder.")) {
        return "a block model";
      }
      if (name.startsWith("gpt_neox.")) {
        return "a vanilla model";
      }
    }
    return "another model";
  }

  private Map<String, Long> all() {
    size("vocab_size", 0, "embed_out.weight", "token_decoder.embed_out.weight");
    size("vocab_size", 0, "token_decoder.lm_head.weight");
    size("vocab_size (embedder)", 0, "embedder.embeddings.weight");
    size("vocab_size (embedder)", 0, "embedder.embeddings.word_embeddings.weight");
    for (String stack : STACKS) {
      layers(stack);
      String neox = stack + "gpt_neox.";
      size(stack + "hidden_size", 0, neox + "final_layer_norm.weight");
      size(stack + "hidden_size", 0, neox + "layers.0.input_layernorm.weight");
      size(stack + "intermediate_size", 0, neox + "layers.0.mlp.dense_h_to_4h.weight");
    }
    size("embedder.hidden_size", 1, "embedder.embeddings.weight");
    size("embedder.hidden_size", 1, "embedder.embeddings.word_embeddings.weight");
    size("embedder.intermediate_size", 0, "embedder.encoder.layer.0.intermediate.dense.weight");
    size("embedder.max_position_embeddings", 0, "embedder.embeddings.position_embeddings.weight");
    size("embedder.projection_layer kernel", 2, "embedder.projection_layer.weight");
    size("token_decoder.d_model", 1, "token_decoder.shared.weight", "token_decoder.lm_head.weight");
    size("token_decoder.d_ff", 0, "token_decoder.decoder.block.0.layer.2.DenseReluDense.wi.weight");
    Long width =
        sizes.getOrDefault("token_decoder.hidden_size", sizes.get("token_decoder.d_model"));
    Long expanded = dimension("token_decoder.expansion_layer.weight", 0);
    if (width != null && expanded != null && width > 0 && expanded % width == 0) {
      sizes.put("token_decoder.expansion_ratio (prefix length)", expanded / width);
    }
    return sizes;
  }

  private void layers(String stack) {
    long layers = 0;
    for (String name : shapes.keySet()) {
      Matcher matcher = LAYER.matcher(name);
      if (matcher.matches() && stackOf(name).equals(stack)) {
        layers = Math.max(layers, Long.parseLong(matcher.group(2)) + 1);
      }
    }
    if (layers > 0) {
      sizes.put(stack + "num_hidden_layers", layers);
    }
  }

  private static String stackOf(String name) {
    for (String stack : STACKS) {
      if (!stack.isEmpty() && name.startsWith(stack)) {
        return stack;
      }
    }
    return "";
  }

  private void size(String key, int dimension, String... tensors) {
    for (String tensor : tensors) {
      Long size = dimension(tensor, dimension);
      if (size != null) {
        sizes.putIfAbsent(key, size);
      }
    }
  }

  private @Nullable Long dimension(String tensor, int dimension) {
    List<Long> shape = shapes.get(tensor);
    return shape == null || shape.size() <= dimension ? null : shape.get(dimension);
  }
}
