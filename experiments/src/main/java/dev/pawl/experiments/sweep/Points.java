package dev.pawl.experiments.sweep;

import dev.pawl.experiments.yaml.Nearest;
import dev.pawl.experiments.yaml.YamlNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The points of a sweep: the product of its axes or a sample of it, the named points after it, each
 * for every model and seed, without what is excluded.
 */
final class Points {
  private static final int MOST = 100_000;

  /** Draws for each point that is wanted, before the rest is taken for excluded. */
  private static final int PATIENCE = 1000;

  private final Grammar grammar;
  private final List<String> models;
  private final List<String> problems;
  private final Set<Exclusion> used = new HashSet<>();

  /**
   * Points of a grammar.
   *
   * @param models names of the experiment's models
   */
  Points(Grammar grammar, List<String> models, List<String> problems) {
    this.grammar = grammar;
    this.models = models;
    this.problems = problems;
  }

  /** All points, each with its model; none after a problem. */
  List<Point> all() {
    int before = problems.size();
    long most = grammar.samples().isEmpty() ? product() : grammar.samples().get(0).count();
    long runs =
        Math.max(1, most) * Math.max(1, models.size()) * Math.max(1, grammar.seeds().size());
    if (most > MOST || runs > MOST) {
      problems.add(
          "%s: sweep: these are more than %,d runs; sweep.sample draws some of them"
              .formatted(grammar.place(), MOST));
      return List.of();
    }
    List<Point> points = new ArrayList<>(grammar.samples().isEmpty() ? grid() : drawn());
    points.addAll(grammar.points());
    List<Point> complete = new ArrayList<>();
    for (Point point : points) {
      for (Point one : complete(point)) {
        if (!excluded(one)) {
          complete.add(one);
        }
      }
    }
    complete = withoutRepeated(complete);
    for (int i = 0; i < grammar.exclusions().size(); i++) {
      Exclusion exclusion = grammar.exclusions().get(i);
      if (!used.contains(exclusion)) {
        problems.add(
            "%s: sweep.exclude[%d]: matches no point%s"
                .formatted(exclusion.node().place(), i, unswept(exclusion, points)));
      }
    }
    if (complete.isEmpty() && problems.size() == before) {
      problems.add(grammar.place() + ": sweep: no run is left");
    }
    return problems.size() > before ? List.of() : complete;
  }

  private static String unswept(Exclusion exclusion, List<Point> points) {
    Set<String> swept = new TreeSet<>(List.of(Axis.MODEL, Axis.SEED));
    points.forEach(point -> swept.addAll(point.values().keySet()));
    return exclusion.values().keySet().stream()
        .filter(key -> !swept.contains(key))
        .findFirst()
        .map(
            key ->
                "; %s is not swept%s"
                    .formatted(
                        key, Nearest.to(key, swept).map(near -> ", nearest: " + near).orElse("")))
        .orElse("");
  }

  private long product() {
    long product = 1;
    for (List<Axis> group : grammar.groups()) {
      Axis first = group.get(0);
      if (first.interval() != null) {
        problems.add(
            "%s: sweep.axes.%s: needs a count, or a step for a range; without one, numbers are only drawn: sweep.sample"
                .formatted(first.place(), first.key()));
        return 0;
      }
      product = Math.min(Integer.MAX_VALUE, product * first.values().size());
    }
    return product;
  }

  private List<Point> grid() {
    List<Point> points = new ArrayList<>();
    // Without an axis the product is one point without values, unless points are named.
    if (!grammar.groups().isEmpty() || grammar.points().isEmpty()) {
      points.add(new Point(null, grammar.place(), Map.of()));
    }
    for (List<Axis> group : grammar.groups()) {
      List<Point> longer = new ArrayList<>();
      for (Point point : points) {
        for (int i = 0; i < group.get(0).values().size(); i++) {
          longer.add(point.and(values(group, i)));
        }
      }
      points = longer;
    }
    return points;
  }

  private static Map<String, AxisValue> values(List<Axis> group, int index) {
    Map<String, AxisValue> values = new LinkedHashMap<>();
    group.forEach(axis -> values.put(axis.key(), axis.values().get(index)));
    return values;
  }

  private List<Point> drawn() {
    Sample sample = grammar.samples().get(0);
    if (grammar.groups().isEmpty()) {
      problems.add(sample.place() + ": sweep.sample: there is no axis to draw from");
      return List.of();
    }
    List<Point> points = new ArrayList<>();
    Set<Map<String, Object>> seen = new HashSet<>();
    long most = (long) sample.count() * PATIENCE;
    for (long index = 0; index < most && points.size() < sample.count(); index++) {
      Point point = new Point(null, sample.place(), Map.of());
      for (List<Axis> group : grammar.groups()) {
        point = point.and(draw(group, sample, index));
      }
      if (!excluded(point) && seen.add(point.bare())) {
        points.add(point);
      }
    }
    if (points.size() < sample.count()) {
      problems.add(
          "%s: sweep.sample.count: there are only %d different points to draw, not %d"
              .formatted(sample.place(), points.size(), sample.count()));
    }
    return points;
  }

  private static Map<String, AxisValue> draw(List<Axis> group, Sample sample, long index) {
    Axis first = group.get(0);
    double share = Draws.share(sample.seed(), index, first.key());
    Interval interval = first.interval();
    return interval == null
        ? values(group, (int) (share * first.values().size()))
        : Map.of(first.key(), AxisValue.number(first.place(), interval.at(share)));
  }

  /** The point with each model and seed that it does not name itself. */
  private List<Point> complete(Point point) {
    List<Point> all = new ArrayList<>();
    List<@Nullable String> names = new ArrayList<>(models);
    if (point.values().containsKey(Axis.MODEL) || names.isEmpty()) {
      names = new ArrayList<>();
      names.add(null);
    }
    List<@Nullable AxisValue> seeds = new ArrayList<>(grammar.seeds());
    if (point.values().containsKey(Axis.SEED) || seeds.isEmpty()) {
      seeds = new ArrayList<>();
      seeds.add(null);
    }
    for (String model : names) {
      for (AxisValue seed : seeds) {
        Map<String, AxisValue> values = new LinkedHashMap<>();
        if (model != null) {
          values.put(Axis.MODEL, AxisValue.of(YamlNode.scalar(point.place(), model)));
        }
        values.putAll(point.values());
        if (seed != null) {
          values.put(Axis.SEED, seed);
        }
        all.add(new Point(point.name(), point.place(), ofItsModel(values)));
      }
    }
    return all;
  }

  // What belongs to another model is no part of a run of this one.
  private static Map<String, AxisValue> ofItsModel(Map<String, AxisValue> values) {
    AxisValue model = values.get(Axis.MODEL);
    Map<String, AxisValue> own = new LinkedHashMap<>(values);
    own.keySet()
        .removeIf(
            key ->
                model != null
                    && key.startsWith("models.")
                    && !key.startsWith("models." + model.value() + "."));
    return own;
  }

  private boolean excluded(Point point) {
    boolean excluded = false;
    for (Exclusion exclusion : grammar.exclusions()) {
      if (exclusion.matches(point)) {
        used.add(exclusion);
        excluded = true;
      }
    }
    return excluded;
  }

  // An axis of one model's key alone gives the other models the same point again and again.
  private List<Point> withoutRepeated(List<Point> points) {
    Map<Map<String, Object>, Point> seen = new LinkedHashMap<>();
    for (Point point : points) {
      Point before = seen.putIfAbsent(point.bare(), point);
      if (before != null && (before.name() != null || point.name() != null)) {
        problems.add(
            "%s: sweep.points.%s: is the same as %s at %s"
                .formatted(
                    point.place(),
                    point.name(),
                    before.name() == null ? "a point of the axes" : before.name(),
                    before.place()));
      }
    }
    return new ArrayList<>(seen.values());
  }
}
