package dev.pawl.activities.stage;

import dev.pawl.db.StageRow;
import dev.pawl.db.StageStore;
import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Every stage that a stage rests on, each after those whose artifacts it reads. */
record Lineage(List<StageRow> stages) {

  static Lineage of(StageRow stage, StageStore store) {
    List<StageRow> found = new ArrayList<>();
    Set<String> seen = new TreeSet<>();
    for (String key : new TreeSet<>(stage.inputs().values())) {
      visit(key, store, seen, found);
    }
    return new Lineage(List.copyOf(found));
  }

  private static void visit(String key, StageStore store, Set<String> seen, List<StageRow> found) {
    if (!seen.add(key)) {
      return;
    }
    StageRow row =
        store
            .find(key)
            .orElseThrow(
                () ->
                    new PawlException(
                        FailureCause.BUG, "stage %s is not in the database".formatted(key)));
    for (String input : new TreeSet<>(row.inputs().values())) {
      visit(input, store, seen, found);
    }
    found.add(row);
  }
}
