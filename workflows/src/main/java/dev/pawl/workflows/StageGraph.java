package dev.pawl.workflows;

import io.temporal.failure.ApplicationFailure;
import io.temporal.failure.CanceledFailure;
import io.temporal.workflow.CancellationScope;
import io.temporal.workflow.Promise;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Starts each stage of a run as soon as those whose artifacts it reads are done.
 *
 * <p>How many really go on at a time is up to the slots of the workers. A measurement of time
 * starts when nothing else of the run goes on, and nothing starts beside it. After a failure
 * nothing more is started; what has been started goes on to its end, so that each stage says what
 * is wrong with its own part and work of hours is not thrown away. When the place of a run's data
 * is gone, all of its stages are asked for again elsewhere.
 */
final class StageGraph {
  private static final String MEASUREMENT = "generation";

  private final List<StageStep> steps;
  private final StageCalls calls;
  private final boolean searchable;
  private final List<StageStep> waiting;
  private final Map<StageStep, Promise<Boolean>> inFlight = new LinkedHashMap<>();
  private final Set<String> unfinished = new HashSet<>();
  private final List<RuntimeException> failures = new ArrayList<>();
  private boolean placeLost;
  private String told = "";

  /**
   * A graph of which nothing has been started.
   *
   * @param steps each after those whose artifacts it reads
   * @param searchable whether the workflow's attributes tell to which stage it has come
   */
  StageGraph(List<StageStep> steps, StageCalls calls, boolean searchable) {
    this.steps = List.copyOf(steps);
    this.calls = calls;
    this.searchable = searchable;
    this.waiting = new ArrayList<>(steps);
    steps.forEach(step -> unfinished.add(step.key()));
  }

  /** Brings the stages to their ends and returns the failures, the first one first. */
  List<RuntimeException> perform() {
    startWhatIsReady();
    while (!inFlight.isEmpty()) {
      // Not cancelled itself: stages that are cancelled save first, and are waited for.
      Promise.anyOf(List.copyOf(inFlight.values())).get();
      inFlight.values().removeIf(Promise::isCompleted);
      if (placeLost && inFlight.isEmpty()) {
        beginAgain();
      }
      startWhatIsReady();
    }
    if (failures.isEmpty() && !waiting.isEmpty()) {
      failures.add(
          CancellationScope.current().isCancelRequested()
              ? new CanceledFailure("cancelled between two stages")
              : ApplicationFailure.newNonRetryableFailure(
                  "stages %s wait for each other".formatted(waiting), "BUG"));
    }
    return failures;
  }

  private void beginAgain() {
    placeLost = false;
    calls.forgetPlace();
    waiting.clear();
    waiting.addAll(steps);
    steps.forEach(step -> unfinished.add(step.key()));
  }

  private void startWhatIsReady() {
    for (StageStep step : List.copyOf(waiting)) {
      boolean goingOn =
          failures.isEmpty() && !placeLost && !CancellationScope.current().isCancelRequested();
      if (goingOn && ready(step)) {
        waiting.remove(step);
        inFlight.put(step, start(step));
      }
    }
  }

  private boolean ready(StageStep step) {
    boolean alone = step.kind().equals(MEASUREMENT) || calls.findsPlace();
    boolean room =
        alone
            ? inFlight.isEmpty()
            : inFlight.keySet().stream().noneMatch(other -> other.kind().equals(MEASUREMENT));
    return room && step.inputs().stream().noneMatch(unfinished::contains);
  }

  private Promise<Boolean> start(StageStep step) {
    if (searchable && !told.equals(step.kind())) {
      told = step.kind();
      RunAttributes.tellStage(told);
    }
    return calls
        .begin(step)
        .handle(
            (outcome, failure) -> {
              if (failure != null) {
                return failures.add(failure);
              }
              if (outcome == null) {
                placeLost = true;
                return false;
              }
              return unfinished.remove(step.key());
            });
  }
}
