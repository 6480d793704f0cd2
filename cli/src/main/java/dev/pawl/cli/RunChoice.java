package dev.pawl.cli;

import dev.pawl.db.Database;
import dev.pawl.db.RunRow;
import dev.pawl.db.SweepRow;
import dev.pawl.experiments.yaml.Nearest;
import java.util.List;
import java.util.Optional;

/** Finds the one run, or the sweep, that a user means. */
final class RunChoice {
  private RunChoice() {}

  /**
   * The run of an id or its beginning, a name, or experiment/name.
   *
   * @throws NotFoundException when there is none, with the nearest name, or more than one
   */
  static RunRow one(Database database, String text) {
    List<RunRow> found = database.experiments().findRuns(text);
    if (found.isEmpty()) {
      List<RunRow> all = database.experiments().runs();
      String nearest =
          Nearest.to(text, all.stream().map(RunRow::name).toList())
              .or(() -> Nearest.to(text, all.stream().map(RunRow::id).toList()))
              .map(near -> ", nearest: " + near)
              .orElse("; 'pawl runs' lists them");
      throw new NotFoundException("no run '%s'%s".formatted(text, nearest));
    }
    if (found.size() > 1) {
      throw new NotFoundException(
          "'%s' means several runs: %s; give more of the id"
              .formatted(text, found.stream().map(RunRow::id).toList()));
    }
    return found.get(0);
  }

  /**
   * The sweep of a name, as it was submitted last, if there is one.
   *
   * @throws NotFoundException when a run has that name too
   */
  static Optional<SweepRow> sweep(Database database, String text) {
    Optional<SweepRow> sweep = database.sweeps().current(text);
    if (sweep.isPresent()
        && database.experiments().findRuns(text).stream()
            .anyMatch(run -> run.name().equals(text))) {
      throw new NotFoundException(
          "'%s' means a sweep and a run; give the id of the run, or experiment/name"
              .formatted(text));
    }
    return sweep;
  }
}
