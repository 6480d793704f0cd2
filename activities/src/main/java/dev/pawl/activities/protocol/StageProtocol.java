package dev.pawl.activities.protocol;

import dev.pawl.activities.StageOutcome;
import dev.pawl.activities.StageRequest;
import dev.pawl.activities.artifact.ArtifactStore;
import dev.pawl.activities.artifact.ArtifactStores;
import dev.pawl.db.Claim;
import dev.pawl.db.ClaimResult;
import dev.pawl.db.Database;
import dev.pawl.db.Owner;
import dev.pawl.db.StageRow;
import dev.pawl.db.StageStatus;
import dev.pawl.db.StageStore;
import dev.pawl.db.Wish;
import dev.pawl.experiments.plan.StageKind;
import dev.pawl.experiments.plan.StageLabel;
import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Leads a stage through claim, work, publication and record.
 *
 * <p>Whatever happens in between, a crash included, a second call ends with the same artifact: a
 * finished one is verified and reused, a published but unrecorded one is adopted, anything else is
 * made again. A worker that lost its claim writes nothing more. Thread-safe.
 */
public final class StageProtocol {
  private final StageStore stages;
  private final Database database;
  private final ArtifactStore artifacts;
  private final Inputs inputs;
  private final StageRegistry registry;
  private final ProgressListener listener;
  private final String worker;
  private final String environmentId;
  private final LeaseTiming timing;
  private final MeasurementGate gate = new MeasurementGate();
  private final AtomicLong attempts = new AtomicLong();

  public StageProtocol(
      Database database,
      ArtifactStore artifacts,
      StageRegistry registry,
      ProgressListener listener,
      String worker,
      String environmentId,
      LeaseTiming timing) {
    this.stages = database.stages();
    this.database = database;
    this.artifacts = artifacts;
    this.inputs = new Inputs(stages, artifacts);
    this.registry = registry;
    this.listener = listener;
    this.worker = worker;
    this.environmentId = environmentId;
    this.timing = timing;
  }

  /**
   * The protocol of a starting worker: records the environment and frees what dead processes of
   * this host held.
   *
   * @param worker name of the worker, unique within the process
   * @param environment code version, libraries, device and threads, stored with each attempt
   */
  public static StageProtocol start(
      Database database,
      Path home,
      List<? extends Stage<?>> stages,
      ProgressListener listener,
      String worker,
      Map<String, String> environment) {
    DeadOwners.reclaim(database, Owner.ofThisProcess(worker));
    ArtifactStore artifacts = ArtifactStores.of(home);
    Map<String, String> surroundings = new TreeMap<>(environment);
    artifacts.sharedPlace().ifPresent(place -> surroundings.put("artifact_store", place));
    String environmentId = database.environments().register(Environments.describe(surroundings));
    return new StageProtocol(
        database,
        artifacts,
        new StageRegistry(stages),
        listener,
        worker,
        environmentId,
        LeaseTiming.DEFAULT);
  }

  /**
   * Brings a stage to its artifact.
   *
   * @param scheduled when the scheduler first asked; bounds how often trouble is retried
   * @throws io.temporal.failure.ApplicationFailure whose type is the failure's cause, or BUSY
   */
  public StageOutcome run(
      StageKind kind, StageRequest request, Heartbeat heartbeat, Instant scheduled) {
    return run(kind, request, heartbeat, scheduled, scheduled);
  }

  /**
   * The same.
   *
   * @param due when this try was due; what passes until the claim is waiting
   */
  public StageOutcome run(
      StageKind kind, StageRequest request, Heartbeat heartbeat, Instant scheduled, Instant due) {
    Endings endings =
        new Endings(stages, () -> infrastructureFailures(request.stageKey(), scheduled));
    try {
      Stage<?> stage = registry.of(kind);
      StageRow row = row(kind, request.stageKey());
      String label = StageLabel.of(row.kind(), row.version(), row.configJson());
      Watcher watcher = new Watcher(listener, runName(request), label, row.key());
      Runnable whileWaiting =
          () -> {
            heartbeat.beat();
            respectWish(request.runId());
          };
      Optional<StageOutcome> reused =
          gate.inside(false, whileWaiting, () -> reuse(kind, row, heartbeat, watcher));
      if (reused.isPresent()) {
        watcher.reused();
        return reused.get();
      }
      return gate.inside(
          kind.measures(),
          whileWaiting,
          () -> claimed(stage, request, row, heartbeat, watcher, endings, due));
    } catch (InterruptedException stopped) {
      // Not set again: the scheduler must still be told.
      throw endings.unclaimed(
          new PawlException(
              FailureCause.INFRASTRUCTURE, "the worker stopped before the stage began", stopped));
    } catch (RuntimeException thrown) {
      throw endings.unclaimed(thrown);
    }
  }

  private StageOutcome claimed(
      Stage<?> stage,
      StageRequest request,
      StageRow row,
      Heartbeat heartbeat,
      Watcher watcher,
      Endings endings,
      Instant due) {
    respectWish(request.runId());
    FaultPoints.reach(stage.kind().id() + ".before_claim");
    Owner owner = Owner.ofThisProcess(worker + "-" + attempts.incrementAndGet());
    Instant claiming = Instant.now();
    ClaimResult result = stages.claim(row.key(), owner, timing.lease(), environmentId);
    if (result.outcome() == ClaimResult.Outcome.BUSY && DeadOwners.reclaim(database, owner) > 0) {
      // Its process was one of this host and is dead: nobody has to wait for the end of its lease.
      result = stages.claim(row.key(), owner, timing.lease(), environmentId);
    }
    return switch (result.outcome()) {
      case CLAIMED -> {
        Claim claim = result.claim().orElseThrow();
        Attempt attempt =
            new Attempt(
                request.experimentId(),
                request.runId(),
                watcher.runName(),
                row.kind(),
                watcher.label(),
                row.key(),
                claim.attempt(),
                owner.worker());
        AttemptObserver observer =
            watcher.claimed(attempt, between(due, claiming), between(claiming, Instant.now()));
        StageAttempt active =
            new StageAttempt(
                database, artifacts, inputs, timing, stage, request, row, claim, owner, observer);
        yield LogFields.during(
            LogFields.of(attempt, observer), () -> active.run(heartbeat, watcher, endings));
      }
      // Done, or held, by another worker since we looked: the next try looks again.
      case DONE, BUSY -> throw Endings.busy(result.row());
    };
  }

  // The scheduler may go by another clock.
  private static Duration between(Instant from, Instant to) {
    return to.isBefore(from) ? Duration.ZERO : Duration.between(from, to);
  }

  private void respectWish(String runId) {
    Optional<Wish> wish = database.controls().of(runId);
    if (wish.isEmpty()) {
      database.controls().resumed(runId);
      return;
    }
    if (wish.get() == Wish.PAUSE) {
      database.controls().paused(runId);
    }
    throw new OperatorWish(wish.get()).failure();
  }

  private StageRow row(StageKind kind, String key) {
    StageRow row =
        stages
            .find(key)
            .orElseThrow(
                () ->
                    new PawlException(
                        FailureCause.BUG,
                        "stage %s is not in the database; register its experiment first"
                            .formatted(key)));
    if (!row.kind().equals(kind.id()) || row.version() != kind.version()) {
      throw new PawlException(
          FailureCause.CONFIG,
          "stage %s was planned as %s version %d, this worker does %s version %d; plan it again"
              .formatted(key, row.kind(), row.version(), kind.id(), kind.version()));
    }
    return row;
  }

  private Optional<StageOutcome> reuse(
      StageKind kind, StageRow row, Heartbeat heartbeat, Watcher watcher) {
    if (row.status() != StageStatus.DONE) {
      return Optional.empty();
    }
    ThrottledBeat beat = new ThrottledBeat(heartbeat, timing.beat());
    Optional<String> problem = inputs.problem(row, beat);
    if (problem.isPresent()) {
      stages.reopen(row.key(), problem.get());
      watcher.reopened(problem.get());
      FaultPoints.reach(kind.id() + ".after_reopen");
      return Optional.empty();
    }
    share(row, beat);
    return Optional.of(new StageOutcome(row.key(), true, row.digest().orElseThrow()));
  }

  // Made before artifacts were shared, or pushed by nobody: others would make it again.
  private void share(StageRow row, ThrottledBeat beat) {
    try {
      artifacts.share(row.kind(), row.key(), row.digest().orElseThrow(), false, beat);
    } catch (IOException trouble) {
      throw new PawlException(
          FailureCause.INFRASTRUCTURE,
          "artifact %s %s could not be shared: %s"
              .formatted(row.kind(), row.key(), trouble.getMessage()),
          trouble);
    }
  }

  private long infrastructureFailures(String key, Instant since) {
    return database.experiments().attemptsOf(key).stream()
        .filter(attempt -> !attempt.startedAt().isBefore(since))
        .filter(attempt -> attempt.cause().equals(Optional.of(FailureCause.INFRASTRUCTURE.name())))
        .count();
  }

  private String runName(StageRequest request) {
    return database.experiments().nameOf(request.runId()).orElse(request.runId());
  }
}
