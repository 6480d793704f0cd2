package dev.pawl.experiments.yaml;

import java.util.Collection;
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

  /** One value. */
  public static YamlNode scalar(String place, String text) {
    return new YamlNode(place, text, null, null);
  }

  /** A mapping without entries yet. */
  public static YamlNode mapping(String place) {
    return new YamlNode(place, null, new LinkedHashMap<>(), null);
  }

  /** A list. */
  public static YamlNode sequence(String place, List<YamlNode> items) {
    return new YamlNode(place, null, null, items);
  }

  /** The same, all the way down, so that what is put into a mapping of it changes this one not. */
  public YamlNode copy() {
    if (fields != null) {
      Map<String, YamlNode> copies = new LinkedHashMap<>();
      fields.forEach((key, value) -> copies.put(key, value.copy()));
      return new YamlNode(place, null, copies, null);
    }
    return items == null
        ? this
        : new YamlNode(place, null, null, items.stream().map(YamlNode::copy).toList());
  }

  /** The same mapping without some of its keys. */
  public YamlNode without(Collection<String> keys) {
    if (fields == null) {
      return this;
    }
    Map<String, YamlNode> kept = new LinkedHashMap<>(fields);
    kept.keySet().removeAll(keys);
    return new YamlNode(place, null, kept, null);
  }

  /** What stands under a key of a mapping; null where nothing does, or nothing but null. */
  public @Nullable YamlNode get(String key) {
    YamlNode value = fields == null ? null : fields.get(key);
    return value == null || value.isNull() ? null : value;
  }

  /** Whether it is a key without a value, or with {@code null}. */
  public boolean isNull() {
    return scalar != null && (scalar.isEmpty() || scalar.equals(NULL));
  }

  /** What stands here, in a word. */
  public String kind() {
    if (scalar != null) {
      if (scalar.equals(NULL)) {
        return "null";
      }
      return "'" + scalar + "'";
    }
    return fields != null ? "a mapping" : "a list";
  }
}
