package dev.pawl.workflows;

/**
 * What a workflow may count on where it runs. Requests from before this was known, and those of a
 * single process, have {@link #SINGLE_PROCESS}; histories replay as they were recorded, therefore.
 *
 * @param cluster whether workers differ, so that a stage waits for one that computes as planned
 * @param placed whether artifacts lie in the homes of workers, so that a run stays where its data
 *     is
 * @param searchable whether the namespace has the attributes of {@link RunAttributes}
 */
public record Setting(boolean cluster, boolean placed, boolean searchable) {
  /** Scheduler and worker are one process. */
  public static final Setting SINGLE_PROCESS = new Setting(false, false, false);
}
