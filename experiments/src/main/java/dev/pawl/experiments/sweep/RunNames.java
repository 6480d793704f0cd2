package dev.pawl.experiments.sweep;

import dev.pawl.experiments.plan.StageKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Names runs after what they are: {@code vanilla,seed=1,learning_rate=0.001}. A run keeps its name
 * when others come or go.
 */
final class RunNames {
  private static final int LONGEST = 120;
  private static final int HASH_DIGITS = 8;

  private RunNames() {}

  /** The names of points, in their order, all different. */
  static List<String> of(List<Point> points) {
    Set<String> keys = new LinkedHashSet<>();
    points.forEach(point -> keys.addAll(point.values().keySet()));
    Map<String, String> words = words(keys);
    List<String> names = new ArrayList<>();
    Map<String, Integer> times = new HashMap<>();
    for (Point point : points) {
      String name = name(point, words);
      names.add(name);
      times.merge(name, 1, Integer::sum);
    }
    for (int i = 0; i < names.size(); i++) {
      String name = names.get(i);
      if (name.length() > LONGEST || times.getOrDefault(name, 0) > 1) {
        String hash = StageKey.hash(List.of(points.get(i).bare().toString()));
        String begin = name.substring(0, Math.min(name.length(), LONGEST - HASH_DIGITS - 1));
        names.set(i, begin + "," + hash.substring(0, HASH_DIGITS));
      }
    }
    return names;
  }

  private static String name(Point point, Map<String, String> words) {
    List<String> parts = new ArrayList<>();
    AxisValue model = point.values().get(Axis.MODEL);
    if (model != null) {
      parts.add(model.word());
    }
    if (point.name() != null) {
      parts.add(point.name());
    }
    point
        .values()
        .forEach(
            (key, value) -> {
              boolean said = key.equals(Axis.MODEL) || point.name() != null;
              // A named point says what it is; seeds are beside it.
              if (!said || key.equals(Axis.SEED)) {
                parts.add(words.get(key) + "=" + value.word());
              }
            });
    return String.join(",", parts);
  }

  // The last part of a key, where it means no other key.
  private static Map<String, String> words(Set<String> keys) {
    Map<String, Integer> times = new HashMap<>();
    keys.forEach(key -> times.merge(last(key), 1, Integer::sum));
    Map<String, String> words = new HashMap<>();
    keys.forEach(key -> words.put(key, times.getOrDefault(last(key), 0) > 1 ? key : last(key)));
    return words;
  }

  private static String last(String key) {
    return key.substring(key.lastIndexOf('.') + 1);
  }
}
