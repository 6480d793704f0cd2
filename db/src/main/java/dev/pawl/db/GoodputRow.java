package dev.pawl.db;

/**
 * Where the wall time of a run went, in seconds: the first five add up to the wall time.
 *
 * @param useful work whose result was kept
 * @param redone work that was lost and is done again
 * @param saving the work waited for a checkpoint or an artifact to be saved
 * @param waiting no attempt was at work
 * @param failed attempts that failed and left nothing
 * @param wall from the run's creation to its end, or to now
 */
public record GoodputRow(
    double useful, double redone, double saving, double waiting, double failed, double wall) {
  /** The useful part of the wall time, 0 to 1; 0 while no time has passed. */
  public double goodput() {
    return wall == 0 ? 0 : useful / wall;
  }
}
