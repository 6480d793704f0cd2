package dev.pawl.model.checkpoint;

import dev.pawl.model.config.CheckpointConfig;
import java.util.Collection;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;

/** Which checkpoints of a training stay: a pure function of steps and validation losses. */
public final class KeepPolicy {
  private final CheckpointConfig config;

  public KeepPolicy(CheckpointConfig config) {
    this.config = config;
  }

  /**
   * The steps whose checkpoints are kept for good.
   *
   * @param steps that have a checkpoint
   * @param losses validation loss by step; only its steps can be among the best
   */
  public NavigableSet<Long> forGood(Collection<Long> steps, Map<Long, Double> losses) {
    NavigableSet<Long> kept = new TreeSet<>(best(losses));
    kept.retainAll(steps);
    steps.stream().filter(this::isMultiple).forEach(kept::add);
    return kept;
  }

  /** The steps whose checkpoints may go, now that the newest is recorded. */
  public NavigableSet<Long> removable(Collection<Long> steps, Map<Long, Double> losses) {
    NavigableSet<Long> removable = new TreeSet<>(steps);
    for (int i = 0; i < config.keepLast(); i++) {
      removable.pollLast();
    }
    removable.removeAll(forGood(steps, losses));
    return removable;
  }

  /** Whether a step must be saved because its checkpoint is kept for good. */
  public boolean mustSave(long step, Map<Long, Double> losses) {
    return isMultiple(step) || best(losses).contains(step);
  }

  private boolean isMultiple(long step) {
    return config.keepEvery() > 0 && step % config.keepEvery() == 0;
  }

  // Of equal losses the earlier step counts, so that a step once out of the best stays out.
  private NavigableSet<Long> best(Map<Long, Double> losses) {
    NavigableSet<Long> best = new TreeSet<>();
    losses.entrySet().stream()
        .sorted(
            Map.Entry.<Long, Double>comparingByValue().thenComparing(Map.Entry.comparingByKey()))
        .limit(config.keepBest())
        .forEach(entry -> best.add(entry.getKey()));
    return best;
  }
}
