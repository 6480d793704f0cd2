package dev.pawl.experiments.sweep;

import dev.pawl.experiments.yaml.YamlNode;
import java.util.List;
import java.util.Map;

/**
 * Points that are left out: those that have one of the values under each of the keys.
 *
 * @param node as it was written
 * @param values by key; any of them
 */
record Exclusion(YamlNode node, Map<String, List<AxisValue>> values) {
  boolean matches(Point point) {
    return values.entrySet().stream()
        .allMatch(
            entry ->
                entry.getValue().stream()
                    .anyMatch(value -> value.value().equals(point.value(entry.getKey()))));
  }
}
