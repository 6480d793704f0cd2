package dev.pawl.experiments.sweep;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Values of some swept keys.
 *
 * @param name of a named point; null for one of the product
 * @param place where it comes from
 * @param values by key, in the order of the axes
 */
record Point(@Nullable String name, String place, Map<String, AxisValue> values) {
  static final Point NONE = new Point(null, "", Map.of());

  /** The same point with more values. */
  Point and(Map<String, AxisValue> more) {
    Map<String, AxisValue> all = new LinkedHashMap<>(values);
    all.putAll(more);
    return new Point(name, place, all);
  }

  /** The value of a key, bare; null where the point has none. */
  @Nullable Object value(String key) {
    AxisValue value = values.get(key);
    return value == null ? null : value.value();
  }

  /** Its values, bare, to be compared and stored. */
  Map<String, Object> bare() {
    Map<String, Object> bare = new LinkedHashMap<>();
    values.forEach((key, value) -> bare.put(key, value.value()));
    return bare;
  }
}
