package dev.pawl.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pawl.experiments.yaml.Binder;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Stored configurations as dotted keys, spelled as in YAML. */
public final class SettingKeys {
  private SettingKeys() {}

  /** The values of a stored configuration by key, {@code training.learning_rate}. */
  public static Map<String, Object> ofConfiguration(String json) {
    Map<String, Object> values = new LinkedHashMap<>();
    flatten("", StoredJson.tree(json), values);
    return values;
  }

  /** The values of the swept keys, which are written as in YAML already. */
  public static Map<String, Object> ofPoint(String json) {
    Map<String, Object> values = new LinkedHashMap<>();
    StoredJson.tree(json)
        .properties()
        .forEach(each -> values.put(each.getKey(), leaf(each.getValue())));
    return values;
  }

  private static void flatten(String key, JsonNode node, Map<String, Object> values) {
    if (node.isObject()) {
      node.properties()
          .forEach(
              each ->
                  flatten(
                      (key.isEmpty() ? "" : key + ".") + Binder.snakeCase(each.getKey()),
                      each.getValue(),
                      values));
      return;
    }
    boolean nested = node.isArray() && !node.isEmpty() && node.get(0).isObject();
    if (nested) {
      for (int i = 0; i < node.size(); i++) {
        flatten("%s[%d]".formatted(key, i), node.get(i), values);
      }
      return;
    }
    values.put(key, leaf(node));
  }

  private static Object leaf(JsonNode node) {
    if (node.isIntegralNumber() && node.canConvertToLong()) {
      return node.longValue();
    }
    if (node.isNumber()) {
      return node.doubleValue();
    }
    if (node.isBoolean()) {
      return node.booleanValue();
    }
    if (node.isArray()) {
      List<String> items = new ArrayList<>();
      node.forEach(item -> items.add(leaf(item).toString()));
      return "[" + String.join(", ", items) + "]";
    }
    String text = node.isValueNode() ? node.asText() : node.toString();
    // Enums are stored as Java spells them.
    return text.matches("[A-Z][A-Z0-9_]*") ? text.toLowerCase(Locale.ROOT) : text;
  }

  /** A value as people write it: 1.0E-5 is 1e-5, and 10000.0 is 10000. */
  static String shown(Object value) {
    return value instanceof Double
        ? value.toString().replaceFirst("\\.0(?=E|$)", "").replace('E', 'e')
        : value.toString();
  }

  /**
   * What people read for each key: the end of it that no other key has, from a dot on. {@code
   * training.learning_rate} is {@code learning_rate}.
   */
  public static Map<String, String> shortest(Collection<String> keys) {
    Map<String, String> names = new LinkedHashMap<>();
    for (String key : keys) {
      String name = key;
      for (int dot = key.lastIndexOf('.'); dot >= 0; dot = key.lastIndexOf('.', dot - 1)) {
        String end = key.substring(dot);
        long others = keys.stream().filter(other -> ("." + other).endsWith(end)).count();
        if (others == 1) {
          name = end.substring(1);
          break;
        }
      }
      names.put(key, name);
    }
    return names;
  }

  /** Keys and values in one line, to tell configurations apart. */
  static String fingerprint(Map<String, Object> values, Collection<String> without) {
    return values.entrySet().stream()
        .filter(each -> !without.contains(each.getKey()))
        .sorted(Map.Entry.comparingByKey())
        .map(each -> each.getKey() + "=" + each.getValue())
        .collect(Collectors.joining("\n"));
  }
}
