package dev.pawl.db;

import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Jdbi;

/** What operators want of runs. Thread-safe. */
public final class ControlStore {
  private final Jdbi jdbi;

  ControlStore(Jdbi jdbi) {
    this.jdbi = jdbi;
  }

  /** Wishes something of a run that has not ended; a later wish replaces an earlier one. */
  public boolean wish(String runId, Wish wish) {
    return jdbi.withHandle(
            handle ->
                handle
                    .createUpdate(
                        """
                        UPDATE run SET wish = :wish, wished_at = now()
                         WHERE id = :id AND status IN ('QUEUED', 'RUNNING', 'PAUSED')""")
                    .bind("id", runId)
                    .bind("wish", wish.name())
                    .execute())
        > 0;
  }

  /**
   * Wishes something of all runs of an experiment that have not ended.
   *
   * @return how many these are
   */
  public int wishOfAll(String experimentId, Wish wish) {
    return jdbi.withHandle(
        handle ->
            handle
                .createUpdate(
                    """
                    UPDATE run SET wish = :wish, wished_at = now()
                     WHERE experiment_id = :id AND status IN ('QUEUED', 'RUNNING', 'PAUSED')""")
                .bind("id", experimentId)
                .bind("wish", wish.name())
                .execute());
  }

  /**
   * Takes back the wish to pause from all runs of an experiment.
   *
   * @return how many had it
   */
  public int resumeAll(String experimentId) {
    return jdbi.withHandle(
        handle ->
            handle
                .createUpdate(
                    """
                    UPDATE run SET wish = NULL, wished_at = NULL
                     WHERE experiment_id = :id AND wish = 'PAUSE'""")
                .bind("id", experimentId)
                .execute());
  }

  /** Takes back what was wished of runs. */
  public void clear(List<String> runIds) {
    if (runIds.isEmpty()) {
      return;
    }
    jdbi.useHandle(
        handle ->
            handle
                .createUpdate("UPDATE run SET wish = NULL, wished_at = NULL WHERE id = ANY(:ids)")
                .bindArray("ids", String.class, runIds)
                .execute());
  }

  /** What is wished of a run now. */
  public Optional<Wish> of(String runId) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery("SELECT wish FROM run WHERE id = :id AND wish IS NOT NULL")
                .bind("id", runId)
                .mapTo(String.class)
                .findOne()
                .map(Wish::valueOf));
  }

  /** A run waits because somebody wishes so. */
  public void paused(String runId) {
    move(runId, RunStatus.RUNNING, RunStatus.PAUSED);
  }

  /** A run that waited goes on. */
  public void resumed(String runId) {
    move(runId, RunStatus.PAUSED, RunStatus.RUNNING);
  }

  /** The process that served these runs ends before they do: nobody is at them any more. */
  public void interrupted(List<String> runIds) {
    jdbi.useHandle(
        handle ->
            handle
                .createUpdate(
                    """
                    UPDATE run
                       SET status = 'QUEUED', message = 'interrupted; the same command goes on'
                     WHERE id = ANY(:ids) AND status IN ('RUNNING', 'PAUSED')""")
                .bindArray("ids", String.class, runIds)
                .execute());
  }

  private void move(String runId, RunStatus from, RunStatus to) {
    jdbi.useHandle(
        handle ->
            handle
                .createUpdate("UPDATE run SET status = :to WHERE id = :id AND status = :from")
                .bind("id", runId)
                .bind("from", from.name())
                .bind("to", to.name())
                .execute());
  }
}
