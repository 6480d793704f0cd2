package dev.pawl.cli.report;

import dev.pawl.db.report.RunSummary;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

/** The runs that the page is about, with the names that it gives them. */
final class Runs {
  private static final int ID = 8;

  private final List<RunSummary> all;
  private final Map<String, String> labels = new HashMap<>();
  private final Differences differences;

  Runs(List<RunSummary> all) {
    this.all = List.copyOf(all);
    this.differences = new Differences(all);
    long experiments = all.stream().map(RunSummary::experimentId).distinct().count();
    Map<String, Integer> named = new HashMap<>();
    for (RunSummary run : all) {
      String label = experiments > 1 ? run.experiment() + "/" + run.name() : run.name();
      labels.put(run.id(), label);
      named.merge(label, 1, Integer::sum);
    }
    for (RunSummary run : all) {
      String label = labels.get(run.id());
      if (named.getOrDefault(label, 0) > 1) {
        labels.put(run.id(), label + " " + run.id().substring(0, Math.min(ID, run.id().length())));
      }
    }
  }

  List<RunSummary> all() {
    return all;
  }

  List<String> ids() {
    return all.stream().map(RunSummary::id).toList();
  }

  /** What a run is called on the page; no two are called the same. */
  String label(RunSummary run) {
    return label(run.id());
  }

  String label(String runId) {
    return labels.getOrDefault(runId, runId);
  }

  Differences differences() {
    return differences;
  }

  /** The least validation losses first, then the runs that have none. */
  List<RunSummary> byLoss() {
    return all.stream()
        .sorted(
            Comparator.comparingDouble(
                run -> metric(run, ReportData.VALID_LOSS).orElse(Double.POSITIVE_INFINITY)))
        .toList();
  }

  /** Runs that differ in nothing but their seeds, in groups, in the order of the first ones. */
  List<List<RunSummary>> bySeed() {
    return List.copyOf(
        all.stream()
            .collect(
                Collectors.groupingBy(
                    differences::butForSeed, LinkedHashMap::new, Collectors.toList()))
            .values());
  }

  static OptionalDouble metric(RunSummary run, String name) {
    Double value = run.metrics().get(name);
    return value == null || !Double.isFinite(value)
        ? OptionalDouble.empty()
        : OptionalDouble.of(value);
  }

  /** The configuration's value under a key as a number. */
  OptionalDouble number(RunSummary run, String key) {
    try {
      return OptionalDouble.of(Double.parseDouble(differences.value(run, key)));
    } catch (NumberFormatException none) {
      return OptionalDouble.empty();
    }
  }
}
