package dev.pawl.workflows;

import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a worker takes on.
 *
 * @param kinds of work
 * @param dataStages how many stages of data at the same time, at least 1; of those on a device it
 *     does one
 * @param machine kind of device and number of threads that it computes with, such as {@code cpu-2};
 *     null where only one process computes, so that nothing has to be told apart
 * @param place id of the home whose artifacts it has; null where all workers reach all artifacts
 * @param forgetful whether the scheduler is the one for tests and single processes, which never
 *     gives up on a worker that has cached a workflow and is gone
 */
public record Offer(
    Set<Work> kinds,
    int dataStages,
    @Nullable String machine,
    @Nullable String place,
    boolean forgetful) {
  public Offer {
    kinds = Set.copyOf(kinds);
    if (dataStages < 1) {
      throw new IllegalArgumentException("%d stages at a time".formatted(dataStages));
    }
    Objects.requireNonNull(kinds, "kinds");
  }

  /** All work of a scheduler in this process. */
  public static Offer ofSingleProcess(int dataStages) {
    return new Offer(Set.of(Work.values()), dataStages, null, null, true);
  }
}
