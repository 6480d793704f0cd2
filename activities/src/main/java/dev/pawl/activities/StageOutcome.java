package dev.pawl.activities;

/**
 * What became of a stage that is now done.
 *
 * @param stageKey key of the stage
 * @param reused whether an earlier artifact served, so that nothing was computed
 * @param digest digest of the artifact
 */
public record StageOutcome(String stageKey, boolean reused, String digest) {}
