package dev.pawl.workflows;

import dev.pawl.activities.StageOutcome;
import dev.pawl.activities.StageRequest;
import io.temporal.activity.Activity;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Stages that write down on which queue they were asked for, and say where their artifact is. */
final class StagesAt extends UniformStages {
  final List<String> calls = new CopyOnWriteArrayList<>();
  private final Deque<String> places;

  /**
   * Stages that are done at once.
   *
   * @param places where the artifacts of those lie that may lie anywhere, one after the other; the
   *     last one stays
   */
  StagesAt(String... places) {
    this.places = new ArrayDeque<>(List.of(places));
  }

  @Override
  synchronized StageOutcome perform(StageRequest request) {
    String queue = Activity.getExecutionContext().getInfo().getActivityTaskQueue();
    calls.add(request.stageKey() + " " + queue);
    String place = request.place();
    if (place == null) {
      place = places.size() > 1 ? places.remove() : places.peek();
    }
    return new StageOutcome(request.stageKey(), false, "digest", place);
  }
}
