package dev.pawl.db;

import java.util.List;
import java.util.Optional;

/**
 * Who is at a run.
 *
 * @param process owner id of the process that alone serves the run; empty when any worker may
 * @param holders who holds stages for the run now
 */
public record Serving(Optional<String> process, List<Holder> holders) {
  public Serving {
    holders = List.copyOf(holders);
  }

  /**
   * A claim on a stage.
   *
   * @param ownerId who holds it
   * @param leased whether its lease lasts, by the database's clock
   */
  public record Holder(String ownerId, boolean leased) {}
}
