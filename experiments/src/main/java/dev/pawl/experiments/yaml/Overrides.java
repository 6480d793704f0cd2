package dev.pawl.experiments.yaml;

import java.util.List;
import java.util.Map;

/** Puts {@code a.b.c=value} of the command line over a file's values. */
public final class Overrides {
  private Overrides() {}

  /** Applies all, the later ones over the earlier ones. */
  public static void apply(YamlNode root, List<String> overrides, List<String> problems) {
    for (String override : overrides) {
      int equals = override.indexOf('=');
      if (equals < 1) {
        problems.add("command line: '%s' is not key=value".formatted(override));
        continue;
      }
      YamlNode value = YamlReader.value(override.substring(equals + 1), problems);
      if (!put(root, override.substring(0, equals), value)) {
        problems.add("command line: %s: a value stands above it".formatted(override));
      }
    }
  }

  /** Puts a value under a dotted key; false where a value stands above it. */
  public static boolean put(YamlNode root, String key, YamlNode value) {
    String[] path = key.split("\\.", -1);
    Map<String, YamlNode> fields = root.fields();
    for (int i = 0; fields != null && i < path.length - 1; i++) {
      fields = fields.computeIfAbsent(path[i], above -> YamlNode.mapping(value.place())).fields();
    }
    if (fields == null) {
      return false;
    }
    fields.put(path[path.length - 1], value);
    return true;
  }
}
