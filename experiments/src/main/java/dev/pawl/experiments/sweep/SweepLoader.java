package dev.pawl.experiments.sweep;

import dev.pawl.experiments.ConfigException;
import dev.pawl.experiments.ExperimentSpec;
import dev.pawl.experiments.LoadedExperiment;
import dev.pawl.experiments.preset.Includes;
import dev.pawl.experiments.yaml.Binder;
import dev.pawl.experiments.yaml.Nearest;
import dev.pawl.experiments.yaml.Overrides;
import dev.pawl.experiments.yaml.YamlNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Makes the runs of a {@code sweep:}: each is the experiment with its point put over it. */
public final class SweepLoader {
  /** What a point cannot change: it is the sweep's, or the process's. */
  private static final Map<String, String> NOT_SWEPT =
      Map.of(
          "experiment", "a sweep is one experiment",
          "threads", "a process computes with one number of threads",
          "models", "the axis over models is called model, and names some of them",
          "sweep", "a sweep has no sweeps");

  private final YamlNode root;
  private final Path file;
  private final String sourceText;
  private final Path folder;
  private final Set<String> problems = new LinkedHashSet<>();
  private final Set<String> notes = new LinkedHashSet<>();

  private SweepLoader(YamlNode root, Path file, String sourceText, Path folder) {
    this.root = root;
    this.file = file;
    this.sourceText = sourceText;
    this.folder = folder;
  }

  /**
   * Loads an experiment that has a {@code sweep:}.
   *
   * @param root the file's keys with those of the command line over them
   * @param folder of the file
   * @throws ConfigException with every problem of every run, each once
   */
  public static LoadedExperiment load(YamlNode root, Path file, String sourceText, Path folder) {
    return new SweepLoader(root, file, sourceText, folder).load();
  }

  private LoadedExperiment load() {
    List<String> found = new ArrayList<>();
    YamlNode section = root.fields() == null ? null : root.fields().get("sweep");
    YamlNode given = section == null || section.isNull() ? YamlNode.mapping(root.place()) : section;
    Grammar grammar = new SweepReader(found).read(given);
    List<String> models = models();
    checkKeys(grammar, models, found);
    requireNone(found);
    List<Point> points = new Points(grammar, models, found).all();
    requireNone(found);
    List<String> names = RunNames.of(points);
    List<SweepRun> runs = new ArrayList<>();
    FlatValues values = new FlatValues();
    Set<String> swept = new LinkedHashSet<>();
    for (int i = 0; i < points.size(); i++) {
      Optional<LoadedExperiment> loaded = load(points.get(i));
      if (loaded.isPresent()) {
        values.add(loaded.get().spec());
        Map<String, Object> point = points.get(i).bare();
        if (models.size() == 1) {
          // There is no choice of it.
          point.remove(Axis.MODEL);
        }
        runs.add(new SweepRun(names.get(i), point, loaded.get()));
        swept.addAll(point.keySet());
      }
    }
    requireNone(problems);
    grammar
        .earlyStopping()
        .ifPresent(
            stopping -> {
              requireNone(stopping.problems(given.get("early_stopping"), runs));
              values.add(stopping);
            });
    values.add(grammar.settings());
    LoadedExperiment first = runs.get(0).loaded();
    return new LoadedExperiment(
        first.spec(),
        first.sources(),
        file,
        sourceText,
        List.copyOf(notes),
        Optional.of(
            new Sweep(
                grammar.settings(),
                grammar.earlyStopping(),
                runs,
                List.copyOf(swept),
                values.joined())));
  }

  private static void requireNone(Iterable<String> problems) {
    List<String> all = new ArrayList<>();
    problems.forEach(all::add);
    if (!all.isEmpty()) {
      throw new ConfigException(all);
    }
  }

  private List<String> models() {
    YamlNode models = root.get("models");
    return models == null || models.fields() == null
        ? List.of()
        : List.copyOf(models.fields().keySet());
  }

  private static void checkKeys(Grammar grammar, List<String> models, List<String> found) {
    for (Axis axis : grammar.groups().stream().flatMap(List::stream).toList()) {
      checkKey(axis.key(), axis.place(), models, found);
      if (axis.key().equals(Axis.MODEL)) {
        axis.values().forEach(value -> checkModel(value, models, found));
      }
    }
    for (Point point : grammar.points()) {
      point
          .values()
          .forEach(
              (key, value) -> {
                checkKey(key, value.node().place(), models, found);
                if (key.equals(Axis.MODEL)) {
                  checkModel(value, models, found);
                }
              });
    }
  }

  private static void checkKey(String key, String place, List<String> models, List<String> found) {
    String first = key.contains(".") ? key.substring(0, key.indexOf('.')) : key;
    String why = NOT_SWEPT.get(key.equals("models") || !first.equals("models") ? first : "");
    if (why != null) {
      found.add("%s: sweep: %s is no axis: %s".formatted(place, key, why));
    }
    String[] parts = key.split("\\.", -1);
    if (first.equals("models") && parts.length > 1 && !models.contains(parts[1])) {
      found.add("%s: sweep: %s: %s".formatted(place, key, noModel(parts[1], models)));
    }
  }

  private static void checkModel(AxisValue value, List<String> models, List<String> found) {
    String name = value.value().toString();
    if (!models.contains(name)) {
      found.add("%s: sweep: model: %s".formatted(value.node().place(), noModel(name, models)));
    }
  }

  private static String noModel(String name, List<String> models) {
    return "no model '%s' among models%s"
        .formatted(
            name,
            Nearest.to(name, models)
                .map(near -> ", nearest: " + near)
                .orElse(": " + String.join(", ", models)));
  }

  /** The experiment of one run; empty after a problem. */
  private Optional<LoadedExperiment> load(Point point) {
    List<String> found = new ArrayList<>();
    List<String> remarks = new ArrayList<>();
    YamlNode own = root.without(List.of("sweep")).copy();
    AxisValue model = point.values().get(Axis.MODEL);
    YamlNode models = own.get("models");
    if (model != null && models != null && models.fields() != null) {
      models.fields().keySet().removeIf(name -> !name.equals(model.value().toString()));
    }
    point
        .values()
        .forEach(
            (key, value) -> {
              if (!key.equals(Axis.MODEL) && !Overrides.put(own, key, value.node().copy())) {
                found.add(
                    "%s: sweep: %s: a value stands above it".formatted(value.node().place(), key));
              }
            });
    if (!Includes.expand(own, folder, found, remarks)) {
      problems.addAll(found);
      return Optional.empty();
    }
    Binder binder = new Binder(found);
    ExperimentSpec spec = binder.bind(own, ExperimentSpec.class);
    problems.addAll(found);
    notes.addAll(remarks);
    return spec == null || !found.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new LoadedExperiment(
                spec, binder.sources(), file, sourceText, remarks, Optional.empty()));
  }
}
