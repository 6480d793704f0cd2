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
      String[] path = override.substring(0, equals).split("\\.", -1);
      YamlNode value = YamlReader.value(override.substring(equals + 1), problems);
      Map<String, YamlNode> fields = root.fields();
      for (int i = 0; fields != null && i < path.length - 1; i++) {
        fields = fields.computeIfAbsent(path[i], key -> YamlNode.mapping("command line")).fields();
      }
      if (fields == null) {
        problems.add("command line: %s: a value stands above it".formatted(override));
      } else {
        fields.put(path[path.length - 1], value);
      }
    }
  }
}
