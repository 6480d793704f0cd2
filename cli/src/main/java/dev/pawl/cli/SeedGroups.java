package dev.pawl.cli;

import dev.pawl.db.ResultRow;
import dev.pawl.db.RunStatus;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Puts runs together that differ in nothing but their seeds. */
final class SeedGroups {
  static final String SEED = "seed";

  private SeedGroups() {}

  /** A line a run. */
  static List<ResultLine> each(List<ResultRow> rows) {
    return rows.stream().map(ResultLine::of).toList();
  }

  /**
   * A line for all seeds of a configuration, where the first of them was. Runs stay apart when a
   * seed is there twice, because the same training would count twice, and while none of them is
   * done.
   *
   * @param settings configuration and swept keys of each run, by its id
   */
  static List<ResultLine> together(
      List<ResultRow> rows, Map<String, Map<String, Object>> settings) {
    Map<String, List<ResultRow>> groups = new LinkedHashMap<>();
    for (ResultRow row : rows) {
      groups.computeIfAbsent(key(row, settings), key -> new ArrayList<>()).add(row);
    }
    List<ResultLine> lines = new ArrayList<>();
    for (List<ResultRow> group : groups.values()) {
      Map<String, List<ResultRow>> experiments = new LinkedHashMap<>();
      if (meaningful(group, settings)) {
        experiments.put("", group);
      } else {
        group.forEach(
            row ->
                experiments.computeIfAbsent(row.experimentId(), id -> new ArrayList<>()).add(row));
      }
      for (List<ResultRow> runs : experiments.values()) {
        if (runs.size() > 1 && meaningful(runs, settings)) {
          lines.add(new ResultLine(runs, name(runs.get(0), settings)));
        } else {
          lines.addAll(each(runs));
        }
      }
    }
    return lines;
  }

  private static boolean meaningful(
      List<ResultRow> runs, Map<String, Map<String, Object>> settings) {
    Set<Object> seeds = new HashSet<>();
    for (ResultRow run : runs) {
      Object seed = settings.getOrDefault(run.runId(), Map.of()).get(SEED);
      if (seed == null || !seeds.add(seed)) {
        return false;
      }
    }
    return runs.stream().anyMatch(run -> run.status() == RunStatus.DONE);
  }

  private static String name(ResultRow row, Map<String, Map<String, Object>> settings) {
    Map<String, Object> values = settings.getOrDefault(row.runId(), Map.of());
    return withoutSeed(row.run(), values.getOrDefault(SEED, ""));
  }

  private static String key(ResultRow row, Map<String, Map<String, Object>> settings) {
    Map<String, Object> values = settings.getOrDefault(row.runId(), Map.of());
    Object seed = values.get(SEED);
    if (seed == null) {
      return row.runId();
    }
    String name = withoutSeed(row.run(), seed);
    boolean said = !name.equals(row.run());
    boolean swept = SettingKeys.ofPoint(row.pointJson()).containsKey(SEED);
    // A run's name that is made of its point, but in a way that does not show the seed, is no help.
    String kept = swept && !said ? "" : name;
    return String.join(
        "\0",
        row.experiment(),
        kept,
        row.model(),
        String.valueOf(row.parameters()),
        SettingKeys.fingerprint(values, Set.of(SEED)));
  }

  /** A name without the part that says the seed: {@code block-seed1} is {@code block}. */
  static String withoutSeed(String name, Object seed) {
    if (!name.contains(SEED)) {
      return name;
    }
    String without =
        name.replaceFirst(
            "[-_.,:/ @+]*(?<![A-Za-z0-9])seed[-_=:]?"
                + Pattern.quote(seed.toString())
                + "(?![\\w.])",
            "");
    return without.isEmpty() ? name : without.replaceFirst("^[-_.,:/ @+]+", "");
  }
}
