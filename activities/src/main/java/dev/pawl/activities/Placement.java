package dev.pawl.activities;

import dev.pawl.db.Database;
import dev.pawl.db.WorkerStore;
import java.util.Objects;
import java.util.Optional;

/**
 * Where the artifacts of a worker lie, when they are in its home and other workers do not reach
 * them. Thread-safe.
 */
public final class Placement {
  private final WorkerStore workers;
  private final String place;

  /**
   * The placement of a worker.
   *
   * @param place id of its home
   */
  public Placement(Database database, String place) {
    this.workers = database.workers();
    this.place = Objects.requireNonNull(place, "place");
  }

  /** Id of the home. */
  public String place() {
    return place;
  }

  /**
   * Where a run should go instead, because the stage it begins with is done there and somebody
   * serves that place. Only a run that has no place yet is free to go.
   */
  Optional<String> elsewhere(StageRequest request) {
    if (request.place() != null) {
      return Optional.empty();
    }
    return workers
        .placeOf(request.stageKey())
        .filter(other -> !other.equals(place))
        .filter(workers::placeServed);
  }
}
