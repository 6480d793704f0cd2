package dev.pawl.activities;

import org.jspecify.annotations.Nullable;

/**
 * What became of a stage that is now done, or rests where it was asked to.
 *
 * @param stageKey key of the stage
 * @param reused whether an earlier artifact served, so that nothing was computed
 * @param digest digest of the artifact; null where the stage rests
 * @param place id of the home in which the artifact lies; null where every worker reaches it
 */
public record StageOutcome(
    String stageKey, boolean reused, @Nullable String digest, @Nullable String place) {
  /** An outcome of which nobody asks where it lies. */
  public StageOutcome(String stageKey, boolean reused, @Nullable String digest) {
    this(stageKey, reused, digest, null);
  }

  /** A stage that has saved what it has, and has no artifact yet. */
  public static StageOutcome resting(String stageKey) {
    return new StageOutcome(stageKey, false, null);
  }

  /** The same outcome, in a home. */
  public StageOutcome at(@Nullable String home) {
    return new StageOutcome(stageKey, reused, digest, home);
  }
}
