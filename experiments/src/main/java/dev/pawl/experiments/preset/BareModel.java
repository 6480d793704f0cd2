package dev.pawl.experiments.preset;

import dev.pawl.experiments.yaml.YamlNode;
import java.util.Map;
import java.util.Set;

/** Tells a file that is a model, without a key above it, from a trainer file. */
final class BareModel {
  private static final Set<String> VANILLA = Set.of("vocab_size", "model_config");
  private static final Set<String> BLOCK =
      Set.of(
          "vocab_size",
          "block_length",
          "embedder",
          "block_decoder",
          "token_decoder",
          "token_decoding_loss",
          "block_decoding_loss",
          "auto_encoding_loss");

  private BareModel() {}

  /** Whether there are a model's keys and no others, and no part is named after a base. */
  static boolean is(Map<String, YamlNode> fields) {
    if (fields.containsKey("model_config")) {
      return VANILLA.containsAll(fields.keySet());
    }
    YamlNode decoder = fields.get("block_decoder");
    return decoder != null
        && decoder.get("model_name_or_path") == null
        && BLOCK.containsAll(fields.keySet());
  }
}
