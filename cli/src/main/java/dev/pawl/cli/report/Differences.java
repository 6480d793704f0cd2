package dev.pawl.cli.report;

import dev.pawl.cli.SettingKeys;
import dev.pawl.db.report.RunSummary;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** The runs' configurations by dotted key, and in which keys they differ. */
final class Differences {
  /** The key of a run's seed. */
  static final String SEED = "seed";

  private final Map<String, SortedMap<String, String>> values = new HashMap<>();
  private final Map<String, Map<String, String>> points = new HashMap<>();
  private final List<String> keys = new ArrayList<>();

  Differences(List<RunSummary> runs) {
    Set<String> all = new TreeSet<>();
    for (RunSummary run : runs) {
      SortedMap<String, String> flat =
          new TreeMap<>(texts(SettingKeys.ofConfiguration(run.configJson())));
      values.put(run.id(), flat);
      points.put(run.id(), texts(SettingKeys.ofPoint(run.pointJson())));
      all.addAll(flat.keySet());
    }
    for (String key : all) {
      if (runs.stream().map(run -> value(run, key)).distinct().limit(2).count() > 1) {
        keys.add(key);
      }
    }
  }

  /** The keys whose values are not the same in all runs, sorted. */
  List<String> keys() {
    return keys;
  }

  /** The value that a run has under a key; empty where it has none. */
  String value(RunSummary run, String key) {
    return values.getOrDefault(run.id(), new TreeMap<>()).getOrDefault(key, "");
  }

  /** The values of a run's point of its sweep by key, in the order of the sweep. */
  Map<String, String> point(RunSummary run) {
    return points.getOrDefault(run.id(), Map.of());
  }

  /** Two runs have the same if they differ in nothing but the seed. */
  String butForSeed(RunSummary run) {
    SortedMap<String, String> rest = new TreeMap<>(values.getOrDefault(run.id(), new TreeMap<>()));
    rest.remove(SEED);
    return run.experimentId() + rest;
  }

  private static Map<String, String> texts(Map<String, Object> values) {
    Map<String, String> texts = new LinkedHashMap<>();
    values.forEach((key, value) -> texts.put(key, value.toString()));
    return texts;
  }
}
