package dev.pawl.experiments.yaml;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A YAML value with the place it was written at.
 *
 * @param place {@code file:line}, or {@code command line}
 * @param scalar text of a scalar; null otherwise
 * @param fields entries of a mapping in order; null otherwise
 * @param items items of a sequence; null otherwise
 */
public record YamlNode(
    String place,
    @Nullable String scalar,
    @Nullable Map<String, YamlNode> fields,
    @Nullable List<YamlNode> items) {

  /** Text of a scalar that is written as {@code null}. */
  static final String NULL = "\0null";

  static YamlNode scalar(String place, String text) {
    return new YamlNode(place, text, null, null);
  }

  static YamlNode mapping(String place) {
    return new YamlNode(place, null, new LinkedHashMap<>(), null);
  }

  static YamlNode sequence(String place, List<YamlNode> items) {
    return new YamlNode(place, null, null, items);
  }

  /** What stands here, in a word. */
  String kind() {
    if (scalar != null) {
      if (scalar.equals(NULL)) {
        return "null";
      }
      return "'" + scalar + "'";
    }
    return fields != null ? "a mapping" : "a list";
  }
}
