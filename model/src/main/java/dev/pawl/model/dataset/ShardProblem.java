package dev.pawl.model.dataset;

/**
 * A file that is not as its manifest says.
 *
 * @param name of the file
 * @param message what is wrong, with the whole path
 */
public record ShardProblem(String name, Kind kind, String message) {
  /** What can be wrong. */
  public enum Kind {
    MISMATCH,
    MISSING,
    EXTRA
  }
}
