package dev.pawl.cli;

import dev.pawl.db.ResultRow;
import dev.pawl.db.RunStatus;
import java.util.List;

/**
 * A line of results: a run, or the runs of one configuration with several seeds.
 *
 * @param runs in the order of the record
 * @param name what all of them are called; seeds are not part of it
 */
record ResultLine(List<ResultRow> runs, String name) {
  ResultLine {
    runs = List.copyOf(runs);
  }

  /** A line of one run. */
  static ResultLine of(ResultRow run) {
    return new ResultLine(List.of(run), run.run());
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
}
