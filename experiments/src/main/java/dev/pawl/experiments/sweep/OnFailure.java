package dev.pawl.experiments.sweep;

/**
 * What the failure of runs means for those that have not begun; those that have go on to their
 * ends.
 *
 * @param stopAfter failed runs after which nothing more is begun; 0 is never
 */
public record OnFailure(int stopAfter) {
  /** Every run gets its turn. */
  public static final OnFailure COLLECT_ALL = new OnFailure(0);

  /** The first failed run is the last one begun. */
  public static final OnFailure FAIL_FAST = new OnFailure(1);

  public OnFailure {
    if (stopAfter < 0) {
      throw new IllegalArgumentException("stop_after is %d, not 1 or more".formatted(stopAfter));
    }
  }

  /** As YAML spells it. */
  @Override
  public String toString() {
    return switch (stopAfter) {
      case 0 -> "collect_all";
      case 1 -> "fail_fast";
      default -> "stop_after: " + stopAfter;
    };
  }
}
