package dev.pawl.cli;

import dev.pawl.db.Database;
import dev.pawl.db.RunRow;
import dev.pawl.experiments.yaml.Nearest;
import java.util.List;

/** Finds the one run that a user means. */
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
}
