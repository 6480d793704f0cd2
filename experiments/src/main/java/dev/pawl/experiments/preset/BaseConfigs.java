package dev.pawl.experiments.preset;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The published configurations that trainer files build on by name (block-transformer.md 1.1):
 * sizes only, no weights. Keys are those of the model records; {@code vocab_size} is among them.
 */
final class BaseConfigs {
  private static final List<String> NEOX_KEYS =
      List.of(
          "num_hidden_layers",
          "hidden_size",
          "num_attention_heads",
          "intermediate_size",
          "vocab_size");
  private static final List<String> ROBERTA_KEYS = NEOX_KEYS;
  private static final List<String> T5_KEYS =
      List.of("num_layers", "d_model", "num_heads", "d_ff", "d_kv", "vocab_size");

  private static final Map<String, Map<String, String>> KNOWN = new LinkedHashMap<>();

  static {
    pythia("14m", 6, 128, 4, 512, 50304);
    pythia("31m", 6, 256, 8, 1024, 50304);
    pythia("70m", 6, 512, 8, 2048, 50304);
    pythia("160m", 12, 768, 12, 3072, 50304);
    pythia("410m", 24, 1024, 16, 4096, 50304);
    pythia("1b", 16, 2048, 8, 8192, 50304);
    pythia("1.4b", 24, 2048, 16, 8192, 50304);
    pythia("2.8b", 32, 2560, 32, 10240, 50304);
    pythia("6.9b", 32, 4096, 32, 16384, 50432);
    pythia("12b", 36, 5120, 40, 20480, 50688);
    add("roberta-base", ROBERTA_KEYS, 12, 768, 12, 3072, 50265);
    add("roberta-large", ROBERTA_KEYS, 24, 1024, 16, 4096, 50265);
    add("t5-small", T5_KEYS, 6, 512, 8, 2048, 64, 32128);
    add("t5-base", T5_KEYS, 12, 768, 12, 3072, 64, 32128);
    add("t5-large", T5_KEYS, 24, 1024, 16, 4096, 64, 32128);
  }

  private BaseConfigs() {}

  /** The values of a base by the name a trainer file gives it. */
  static Optional<Map<String, String>> find(String name) {
    return Optional.ofNullable(KNOWN.get(name));
  }

  /** All names. */
  static List<String> names() {
    return List.copyOf(KNOWN.keySet());
  }

  private static void pythia(String size, int... values) {
    add("EleutherAI/pythia-" + size, NEOX_KEYS, values);
    add("EleutherAI/pythia-" + size + "-deduped", NEOX_KEYS, values);
  }

  private static void add(String name, List<String> keys, int... values) {
    Map<String, String> config = new LinkedHashMap<>();
    for (int i = 0; i < values.length; i++) {
      config.put(keys.get(i), Integer.toString(values[i]));
    }
    KNOWN.put(name, config);
  }
}
