package dev.pawl.experiments.preset;

import dev.pawl.experiments.yaml.YamlNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Puts some keys over others. */
final class Merge {
  /** Key that names a preset. */
  static final String PRESET = "preset";

  /** Key that names a file. */
  static final String FILE = "file";

  /** What an absent cls means, of an embedder or a decoder. */
  private static final List<String> DEFAULT_CLASSES = List.of("lookup", "gpt-neo-x");

  private Merge() {}

  /**
   * Mappings are merged key by key, all else is replaced. Where {@code cls} changes, the {@code
   * config} below belongs to another class and goes.
   */
  static YamlNode over(YamlNode base, YamlNode keys) {
    Map<String, YamlNode> above = keys.fields();
    Map<String, YamlNode> below = base.fields();
    if (above == null || below == null) {
      return keys;
    }
    YamlNode kept = otherClass(base, keys) ? base.without(List.of("config")) : base;
    Map<String, YamlNode> merged = new LinkedHashMap<>();
    YamlNode result = new YamlNode(keys.place(), null, merged, null);
    if (kept.fields() != null) {
      merged.putAll(kept.fields());
    }
    above.forEach(
        (key, value) -> {
          YamlNode before = merged.get(key);
          merged.put(key, before == null ? value : over(before, value));
        });
    return result;
  }

  private static boolean otherClass(YamlNode base, YamlNode keys) {
    YamlNode before = base.get("cls");
    YamlNode after = keys.get("cls");
    if (after == null || after.scalar() == null) {
      return false;
    }
    return before == null
        ? !DEFAULT_CLASSES.contains(after.scalar())
        : !after.scalar().equals(before.scalar());
  }
}
