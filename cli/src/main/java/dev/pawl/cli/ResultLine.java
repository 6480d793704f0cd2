package dev.pawl.cli;

import dev.pawl.db.ResultRow;
import dev.pawl.db.RunStatus;
import java.util.List;
import java.util.Map;

/**
 * A line of results: a run, or the runs of one configuration with several seeds.
 *
 * @param runs in the order of the record
 * @param settings values of the keys of each run, by the run's id
 */
record ResultLine(List<ResultRow> runs, Map<String, Map<String, Object>> settings) {
  ResultLine {
    runs = List.copyOf(runs);
  }

  ResultRow first() {
    return runs.get(0);
  }

  boolean several() {
    return runs.size() > 1;
  }

  /** The runs whose numbers count: a mean is over finished runs alone. */
  List<ResultRow> counted() {
    return several() ? runs.stream().filter(run -> run.status() == RunStatus.DONE).toList() : runs;
  }

  /** What all runs are called; seeds are not part of it. */
  String name() {
    return several() ? SeedGroups.withoutSeed(first().run(), seed(first())) : first().run();
  }

  Object seed(ResultRow run) {
    return settings.getOrDefault(run.runId(), Map.of()).getOrDefault(SeedGroups.SEED, "");
  }
}
