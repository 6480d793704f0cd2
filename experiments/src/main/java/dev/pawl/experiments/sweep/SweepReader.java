package dev.pawl.experiments.sweep;

import dev.pawl.experiments.yaml.Binder;
import dev.pawl.experiments.yaml.Nearest;
import dev.pawl.experiments.yaml.YamlNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the {@code sweep:} of an experiment; what is wrong with it becomes a problem. */
final class SweepReader {
  private static final String SWEEP = "sweep";
  private static final String EARLY_STOPPING = "early_stopping";
  private static final List<String> KEYS =
      List.of(
          "axes",
          "zip",
          "exclude",
          "seeds",
          "sample",
          "points",
          "max_in_flight",
          "priority",
          "on_failure",
          EARLY_STOPPING);

  private final List<String> problems;
  private final AxisReader axes;

  SweepReader(List<String> problems) {
    this.problems = problems;
    this.axes = new AxisReader(problems);
  }

  Grammar read(YamlNode section) {
    Map<String, YamlNode> fields = mapping(section, SWEEP);
    unknown(fields, SWEEP, KEYS);
    List<List<Axis>> groups = new ArrayList<>();
    product(groups, section.get("axes"));
    zips(groups, section.get("zip"));
    List<AxisValue> seeds = seeds(section.get("seeds"));
    List<Point> points = points(section.get("points"));
    distinctKeys(groups, seeds);
    return new Grammar(
        settings(section),
        earlyStopping(section.get(EARLY_STOPPING)),
        groups,
        points,
        seeds,
        exclusions(section.get("exclude")),
        samples(section.get("sample")),
        section.place());
  }

  private void product(List<List<Axis>> groups, @Nullable YamlNode node) {
    if (node != null) {
      mapping(node, "sweep.axes")
          .forEach(
              (key, value) -> {
                Axis axis = axes.read("sweep.axes", key, value);
                if (axis != null) {
                  groups.add(List.of(axis));
                }
              });
    }
  }

  // One mapping of lists of equal lengths, or several of them.
  private void zips(List<List<Axis>> groups, @Nullable YamlNode node) {
    List<YamlNode> items = node == null ? List.of() : list(node);
    for (int i = 0; i < items.size(); i++) {
      String path =
          node != null && node.items() != null ? "sweep.zip[%d]".formatted(i) : "sweep.zip";
      List<Axis> together = new ArrayList<>();
      int before = problems.size();
      mapping(items.get(i), path)
          .forEach(
              (key, value) -> {
                Axis axis = axes.read(path, key, value);
                if (axis != null && axis.interval() != null) {
                  problem(value, path + "." + key, "needs a count: a pair has one value each");
                } else if (axis != null) {
                  together.add(axis);
                }
              });
      if (problems.size() > before) {
        continue;
      }
      Map<String, Integer> lengths = new LinkedHashMap<>();
      together.forEach(axis -> lengths.put(axis.key(), axis.values().size()));
      if (together.isEmpty()) {
        problem(items.get(i), path, "has no axis");
      } else if (lengths.values().stream().distinct().count() > 1) {
        problem(items.get(i), path, "the lists are of unequal lengths: " + words(lengths));
      } else {
        groups.add(together);
      }
    }
  }

  private static String words(Map<String, Integer> lengths) {
    List<String> words = new ArrayList<>();
    lengths.forEach((key, length) -> words.add("%s has %d".formatted(key, length)));
    return String.join(", ", words);
  }

  private List<AxisValue> seeds(@Nullable YamlNode node) {
    if (node == null) {
      return List.of();
    }
    Axis axis = axes.read(SWEEP, "seeds", node);
    if (axis != null && axis.interval() != null) {
      problem(node, "sweep.seeds", "needs a count or a step");
      return List.of();
    }
    return axis == null ? List.of() : axis.values();
  }

  private List<Point> points(@Nullable YamlNode node) {
    List<Point> points = new ArrayList<>();
    if (node != null) {
      mapping(node, "sweep.points")
          .forEach(
              (name, value) -> {
                String path = "sweep.points." + name;
                Map<String, AxisValue> values = new LinkedHashMap<>();
                mapping(value, path).forEach((key, each) -> values.put(key, AxisValue.of(each)));
                if (!name.matches("[A-Za-z0-9._+-]+")) {
                  problem(value, path, "a name has letters, digits and . _ + - only");
                }
                points.add(new Point(name, value.place(), values));
              });
    }
    return points;
  }

  private List<Exclusion> exclusions(@Nullable YamlNode node) {
    List<Exclusion> exclusions = new ArrayList<>();
    List<YamlNode> items = node == null ? List.of() : list(node);
    for (int i = 0; i < items.size(); i++) {
      String path = "sweep.exclude[%d]".formatted(i);
      Map<String, List<AxisValue>> values = new LinkedHashMap<>();
      mapping(items.get(i), path)
          .forEach(
              (key, value) -> {
                List<AxisValue> any = new ArrayList<>(List.of(AxisValue.of(value)));
                list(value).stream().map(AxisValue::of).forEach(any::add);
                values.put(key, any);
              });
      if (values.isEmpty()) {
        problem(items.get(i), path, "names no key; it would leave out everything");
      } else {
        exclusions.add(new Exclusion(items.get(i), values));
      }
    }
    return exclusions;
  }

  private List<Sample> samples(@Nullable YamlNode node) {
    if (node == null) {
      return List.of();
    }
    Map<String, YamlNode> fields = mapping(node, "sweep.sample");
    unknown(fields, "sweep.sample", List.of("count", "seed"));
    Integer count = whole(node, "sweep.sample", "count", 1, Integer.MAX_VALUE);
    YamlNode seed = node.get("seed");
    if (count == null || seed == null) {
      if (count == null && node.get("count") != null) {
        return List.of();
      }
      problem(node, "sweep.sample", "needs a count and a seed");
      return List.of();
    }
    try {
      return List.of(
          new Sample(count, Long.parseLong(String.valueOf(seed.scalar())), node.place()));
    } catch (NumberFormatException e) {
      problem(seed, "sweep.sample.seed", "is %s, not a whole number".formatted(seed.kind()));
      return List.of();
    }
  }

  private SweepSettings settings(YamlNode section) {
    Integer inFlight = whole(section, SWEEP, "max_in_flight", 1, Integer.MAX_VALUE);
    Integer priority = whole(section, SWEEP, "priority", 1, 5);
    SweepSettings none = SweepSettings.DEFAULT;
    return new SweepSettings(
        inFlight == null ? none.maxInFlight() : inFlight,
        priority == null ? none.priority() : priority,
        onFailure(section.get("on_failure")));
  }

  private Optional<EarlyStopping> earlyStopping(@Nullable YamlNode node) {
    return node == null
        ? Optional.empty()
        : Optional.ofNullable(
            new Binder(problems).bind(node, EarlyStopping.class, SWEEP + "." + EARLY_STOPPING));
  }

  private OnFailure onFailure(@Nullable YamlNode node) {
    if (node == null || "collect_all".equals(node.scalar())) {
      return OnFailure.COLLECT_ALL;
    }
    if ("fail_fast".equals(node.scalar())) {
      return OnFailure.FAIL_FAST;
    }
    Map<String, YamlNode> fields = node.fields();
    if (fields != null && fields.keySet().equals(Set.of("stop_after"))) {
      Integer after = whole(node, "sweep.on_failure", "stop_after", 1, Integer.MAX_VALUE);
      return after == null ? OnFailure.COLLECT_ALL : new OnFailure(after);
    }
    problem(
        node,
        "sweep.on_failure",
        "is %s, none of collect_all, fail_fast and {stop_after: N}".formatted(node.kind()));
    return OnFailure.COLLECT_ALL;
  }

  private @Nullable Integer whole(YamlNode node, String path, String key, int min, int max) {
    YamlNode given = node.get(key);
    if (given == null) {
      return null;
    }
    if (AxisValue.of(given).value() instanceof BigDecimal number
        && number.scale() <= 0
        && number.compareTo(BigDecimal.valueOf(min)) >= 0
        && number.compareTo(BigDecimal.valueOf(max)) <= 0) {
      return number.intValueExact();
    }
    String range = max == Integer.MAX_VALUE ? min + " or more" : "from " + min + " to " + max;
    problem(given, path + "." + key, "is %s, not a whole number %s".formatted(given.kind(), range));
    return null;
  }

  private void distinctKeys(List<List<Axis>> groups, List<AxisValue> seeds) {
    Map<String, Axis> seen = new LinkedHashMap<>();
    for (Axis axis : groups.stream().flatMap(List::stream).toList()) {
      Axis before = seen.put(axis.key(), axis);
      if (before != null) {
        problems.add(
            "%s: sweep: %s is an axis twice, first at %s"
                .formatted(axis.place(), axis.key(), before.place()));
      }
      for (Axis other : seen.values()) {
        if (axis.key().startsWith(other.key() + ".") || other.key().startsWith(axis.key() + ".")) {
          problems.add(
              "%s: sweep: %s and %s are both an axis, and one is part of the other"
                  .formatted(axis.place(), axis.key(), other.key()));
        }
      }
    }
    Axis seed = seen.get(Axis.SEED);
    if (seed != null && !seeds.isEmpty()) {
      problems.add(
          "%s: sweep: seed is an axis, and there are sweep.seeds at %s; give one"
              .formatted(seed.place(), seeds.get(0).node().place()));
    }
  }

  private static List<YamlNode> list(YamlNode node) {
    List<YamlNode> items = node.items();
    return items == null ? List.of(node) : items;
  }

  private Map<String, YamlNode> mapping(YamlNode node, String path) {
    Map<String, YamlNode> fields = node.fields();
    if (fields == null && !node.isNull()) {
      problem(node, path, "is %s, a mapping is needed".formatted(node.kind()));
    }
    return fields == null ? Map.of() : fields;
  }

  private void unknown(Map<String, YamlNode> fields, String path, List<String> known) {
    fields.forEach(
        (key, value) -> {
          if (!known.contains(key)) {
            String nearest =
                Nearest.to(key, known)
                    .map(found -> ", nearest known key: " + found)
                    .orElse(", known keys: " + String.join(", ", known));
            problem(value, path + "." + key, "unknown key" + nearest);
          }
        });
  }

  private void problem(YamlNode node, String path, String what) {
    problems.add("%s: %s: %s".formatted(node.place(), path, what));
  }
}
