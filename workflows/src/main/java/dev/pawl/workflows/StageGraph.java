package dev.pawl.workflows;

import dev.pawl.activities.StageActivities;
import dev.pawl.activities.StageOutcome;
import dev.pawl.activities.StageRequest;
import io.temporal.failure.ApplicationFailure;
import io.temporal.failure.CanceledFailure;
import io.temporal.workflow.Async;
import io.temporal.workflow.CancellationScope;
import io.temporal.workflow.Functions;
import io.temporal.workflow.Promise;
import io.temporal.workflow.Workflow;
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
 * is wrong with its own part and work of hours is not thrown away.
 */
final class StageGraph {
  private static final String MEASUREMENT = "generation";

  private final StageActivities data = Activities.stages(WorkerSetup.DATA_QUEUE);
  private final StageActivities device = Activities.stages(WorkerSetup.DEVICE_QUEUE);
  private final List<StageStep> waiting;
  private final Functions.Func1<String, StageRequest> requests;
  private final Map<StageStep, Promise<Boolean>> inFlight = new LinkedHashMap<>();
  private final Set<String> unfinished = new HashSet<>();
  private final List<RuntimeException> failures = new ArrayList<>();

  /**
   * A graph of which nothing has been started.
   *
   * @param steps each after those whose artifacts it reads
   * @param requests makes the request for a stage of the given key
   */
  StageGraph(List<StageStep> steps, Functions.Func1<String, StageRequest> requests) {
    this.waiting = new ArrayList<>(steps);
    this.requests = requests;
    steps.forEach(step -> unfinished.add(step.key()));
  }

  /** Brings the stages to their ends and returns the failures, the first one first. */
  List<RuntimeException> perform() {
    startWhatIsReady();
    while (!inFlight.isEmpty()) {
      // Not cancelled itself: stages that are cancelled save first, and are waited for.
      Promise.anyOf(List.copyOf(inFlight.values())).get();
      inFlight.values().removeIf(Promise::isCompleted);
      startWhatIsReady();
    }
    if (failures.isEmpty() && !waiting.isEmpty()) {
      failures.add(
          CancellationScope.current().isCancelRequested()
              ? new CanceledFailure("cancelled between two stages")
              : bug("stages %s wait for each other".formatted(waiting)));
    }
    return failures;
  }

  private void startWhatIsReady() {
    for (StageStep step : List.copyOf(waiting)) {
      boolean goingOn = failures.isEmpty() && !CancellationScope.current().isCancelRequested();
      if (goingOn && ready(step)) {
        waiting.remove(step);
        inFlight.put(step, start(step));
      }
    }
  }

  private boolean ready(StageStep step) {
    boolean room =
        step.kind().equals(MEASUREMENT)
            ? inFlight.isEmpty()
            : inFlight.keySet().stream().noneMatch(other -> other.kind().equals(MEASUREMENT));
    return room && step.inputs().stream().noneMatch(unfinished::contains);
  }

  private Promise<Boolean> start(StageStep step) {
    return perform(step, requests.apply(step.key()))
        .handle(
            (outcome, failure) ->
                failure == null ? unfinished.remove(step.key()) : failures.add(failure));
  }

  private Promise<StageOutcome> perform(StageStep step, StageRequest request) {
    return switch (step.kind()) {
      case "corpus" -> Async.function(data::corpus, request);
      case "checksum_shards" -> Async.function(data::checksumShards, request);
      case "unshard" -> Async.function(data::unshard, request);
      case "checksum" -> Async.function(data::checksum, request);
      case "tokenize" -> Async.function(data::tokenize, request);
      case "take" -> Async.function(data::take, request);
      case "pretrain" -> Async.function(device::pretrain, request);
      case "evaluate" -> Async.function(device::evaluate, request);
      case MEASUREMENT -> Async.function(device::generation, request);
      case "report" -> Async.function(data::report, request);
      default ->
          Workflow.newFailedPromise(
              bug("no stage is of kind %s; the plan is of another version".formatted(step.kind())));
    };
  }

  private static ApplicationFailure bug(String message) {
    return ApplicationFailure.newNonRetryableFailure(message, "BUG");
  }
}
