package dev.pawl.experiments.sweep;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The runs that an experiment with a {@code sweep:} comes down to.
 *
 * @param settings how they are gone about
 * @param earlyStopping which of them end early, if any do
 * @param runs the runs in order
 * @param swept the keys that differ, in order
 * @param values every value by dotted key, those of all runs behind each other where they differ
 */
public record Sweep(
    SweepSettings settings,
    Optional<EarlyStopping> earlyStopping,
    List<SweepRun> runs,
    List<String> swept,
    Map<String, String> values) {
  public Sweep {
    runs = List.copyOf(runs);
    swept = List.copyOf(swept);
    values = Map.copyOf(values);
  }
}
