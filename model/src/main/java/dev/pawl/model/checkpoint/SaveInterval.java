package dev.pawl.model.checkpoint;

/**
 * How many steps lie between two checkpoints, chosen from what is measured: Young's and Daly's
 * {@code sqrt(2 * cost * mean time between failures)}, but never so few that saving costs more than
 * 2 % of the time.
 *
 * <p>The cost of a save is what training loses by it: the time in which no step could run, and the
 * time by which steps were slower while the checkpoint was written. Not thread-safe.
 */
public final class SaveInterval {
  /** Largest share of the time that saving may take. */
  static final double MOST_STALL = 0.02;

  /** Weight of a new step's time, and of a new save's cost, in the running mean. */
  private static final double STEP_WEIGHT = 0.1;

  private static final double COST_WEIGHT = 0.3;

  private final double secondsBetweenFailures;
  private double cost;
  private boolean costMeasured;
  private long steps;
  private double stepSeconds;

  private boolean open;
  private double stall;
  private double slowSeconds;
  private long slowSteps;

  /**
   * An interval that knows nothing yet.
   *
   * @param secondsBetweenFailures mean time between two failures
   * @param guess seconds that a save may cost, until the first one is measured
   */
  public SaveInterval(double secondsBetweenFailures, double guess) {
    this.secondsBetweenFailures = secondsBetweenFailures;
    this.cost = guess;
  }

  /**
   * Takes the time of a training step.
   *
   * @param writing whether a checkpoint was being written meanwhile
   */
  public void step(double seconds, boolean writing) {
    if (writing && open) {
      slowSeconds += seconds;
      slowSteps++;
      return;
    }
    close();
    // The first step warms the machine up: it says little of those to come.
    stepSeconds = steps < 2 ? seconds : stepSeconds + STEP_WEIGHT * (seconds - stepSeconds);
    steps++;
  }

  /** Takes the time that a save kept training waiting; what it slows down is seen by steps. */
  public void saved(double seconds) {
    close();
    open = true;
    stall = seconds;
    slowSeconds = 0;
    slowSteps = 0;
  }

  private void close() {
    if (!open) {
      return;
    }
    open = false;
    double slowdown = Math.max(0, slowSeconds - slowSteps * stepSeconds);
    double measured = stall + slowdown;
    cost = costMeasured ? cost + COST_WEIGHT * (measured - cost) : measured;
    costMeasured = true;
  }

  /** Seconds that a save costs training, as far as is known. */
  public double cost() {
    return cost;
  }

  /** Seconds of a step while nothing is written; 0 before the first. */
  public double stepSeconds() {
    return stepSeconds;
  }

  /** Steps from one save to the next; very many before the first step was measured. */
  public long steps() {
    if (stepSeconds <= 0) {
      return Long.MAX_VALUE;
    }
    double seconds = Math.max(Math.sqrt(2 * cost * secondsBetweenFailures), cost / MOST_STALL);
    return Math.max(1, (long) Math.ceil(seconds / stepSeconds));
  }
}
