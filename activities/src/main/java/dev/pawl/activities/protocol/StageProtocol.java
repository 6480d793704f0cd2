package dev.pawl.activities.protocol;

import dev.pawl.activities.StageOutcome;
import dev.pawl.activities.StageRequest;
import dev.pawl.activities.artifact.ArtifactManifest;
import dev.pawl.activities.artifact.ArtifactStore;
import dev.pawl.activities.artifact.LocalArtifactStore;
import dev.pawl.activities.artifact.Producer;
import dev.pawl.db.Claim;
import dev.pawl.db.ClaimResult;
import dev.pawl.db.Completion;
import dev.pawl.db.ControlStore;
import dev.pawl.db.Database;
import dev.pawl.db.Owner;
import dev.pawl.db.RunRow;
import dev.pawl.db.StageRow;
import dev.pawl.db.StageStatus;
import dev.pawl.db.StageStore;
import dev.pawl.db.Wish;
import dev.pawl.experiments.CanonicalJson;
import dev.pawl.experiments.plan.StageKind;
import dev.pawl.experiments.plan.StageLabel;
import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
    String environmentId = database.environments().register(Environments.describe(environment));
    return new StageProtocol(
        database,
        new LocalArtifactStore(home),
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
        watcher.finished(true);
        return reused.get();
      }
      return gate.inside(
          kind.measures(),
          whileWaiting,
          () -> claimed(stage, request, row, heartbeat, watcher, endings));
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
      Endings endings) {
    respectWish(request.runId());
    FaultPoints.reach(stage.kind().id() + ".before_claim");
    Owner owner = Owner.ofThisProcess(worker + "-" + attempts.incrementAndGet());
    ClaimResult result = stages.claim(row.key(), owner, timing.lease(), environmentId);
    return switch (result.outcome()) {
      case CLAIMED -> {
        Claim claim = result.claim().orElseThrow();
        yield attempt(stage, request, row, claim, owner, heartbeat, watcher, endings);
      }
      // Done, or held, by another worker since we looked: the next try looks again.
      case DONE, BUSY -> throw Endings.busy(result.row());
    };
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
    return Optional.of(new StageOutcome(row.key(), true, row.digest().orElseThrow()));
  }

  private StageOutcome attempt(
      Stage<?> stage,
      StageRequest request,
      StageRow row,
      Claim claim,
      Owner owner,
      Heartbeat heartbeat,
      Watcher watcher,
      Endings endings) {
    String point = stage.kind().id();
    TimeLedger time = new TimeLedger(database.goodput(), claim);
    FaultPoints.reach(point + ".after_claim");
    watcher.started();
    try {
      database.goodput().began(claim, request.runId());
      StageOutcome outcome;
      try (LeaseKeeper lease = lease(request, claim, heartbeat, time)) {
        artifacts.retireOthers(row.kind(), row.key(), claim.attempt(), guard(claim));
        Optional<ArtifactManifest> published = adoptable(row, claim, lease);
        published.ifPresent(manifest -> time.adopted(manifest.producer().attempt()));
        Producer producer = new Producer(owner.host(), owner.pid(), claim.attempt());
        ArtifactManifest manifest =
            published.isPresent()
                ? published.get()
                : publish(stage, request, row, claim, producer, lease, time, watcher);
        time.published();
        time.close();
        outcome = complete(row, claim, manifest);
      }
      FaultPoints.reach(point + ".after_done");
      artifacts.discardWork(row.key(), claim.attempt());
      watcher.finished(false);
      return outcome;
    } catch (Throwable thrown) {
      time.close();
      RuntimeException ending = endings.claimed(claim, thrown, watcher);
      forsake(claim, ending);
      throw ending;
    }
  }

  /** Asks the database, now, whether the claim holds. */
  private Runnable guard(Claim claim) {
    return () -> stages.requireHeld(claim);
  }

  private void forsake(Claim claim, RuntimeException ending) {
    try {
      StageRow now = stages.find(claim.key()).orElseThrow();
      boolean another = now.attempt() > claim.attempt();
      if (another) {
        boolean done = now.status() == StageStatus.DONE;
        artifacts.forsakeWork(claim.key(), claim.attempt(), done);
      }
    } catch (IOException | RuntimeException e) {
      ending.addSuppressed(e);
    }
  }

  private LeaseKeeper lease(
      StageRequest request, Claim claim, Heartbeat heartbeat, TimeLedger time) {
    ControlStore controls = database.controls();
    return new LeaseKeeper(
        stages, claim, heartbeat, () -> controls.of(request.runId()), time, timing);
  }

  private ArtifactManifest publish(
      Stage<?> stage,
      StageRequest request,
      StageRow row,
      Claim claim,
      Producer producer,
      LeaseKeeper lease,
      TimeLedger time,
      Watcher watcher)
      throws Exception {
    Path output = artifacts.prepare(row.kind(), row.key(), producer);
    try {
      return publish(stage, request, row, claim, producer, lease, time, watcher, output);
    } catch (Throwable thrown) {
      // First of all room for the record, should the disk be full.
      discard(output, thrown);
      throw thrown;
    }
  }

  private void discard(Path output, Throwable reason) {
    try {
      artifacts.discard(output);
    } catch (IOException e) {
      reason.addSuppressed(e);
    }
  }

  private ArtifactManifest publish(
      Stage<?> stage,
      StageRequest request,
      StageRow row,
      Claim claim,
      Producer producer,
      LeaseKeeper lease,
      TimeLedger time,
      Watcher watcher,
      Path output)
      throws Exception {
    String point = stage.kind().id();
    ActiveStage context =
        new ActiveStage(
            request,
            row,
            claim,
            database,
            output,
            artifacts.work(row.key(), claim.attempt(), guard(claim)),
            lease,
            time,
            watcher,
            name -> inputs.folder(row, name, bytes -> lease.check()));
    StageResult result = execute(stage, row.configJson(), context);
    FaultPoints.reach(point + ".after_execute");
    context.check();
    return time.saving(
        () -> {
          ArtifactManifest manifest =
              artifacts.seal(
                  output,
                  row.kind(),
                  row.key(),
                  producer,
                  result.resultJson(),
                  bytes -> context.check());
          FaultPoints.reach(point + ".before_publish");
          // The last word before the artifact becomes visible: a zombie stops here.
          stages.renew(claim, timing.lease());
          FaultPoints.reach(point + ".before_move");
          artifacts.publish(output, row.kind(), row.key(), producer, guard(claim));
          FaultPoints.reach(point + ".between_move_and_done");
          return manifest;
        });
  }

  private static <C> StageResult execute(Stage<C> stage, String configJson, StageContext context)
      throws Exception {
    return stage.execute(CanonicalJson.read(configJson, stage.configType()), context);
  }

  private StageOutcome complete(StageRow row, Claim claim, ArtifactManifest manifest) {
    String digest = manifest.digest();
    stages.complete(
        claim,
        new Completion(
            digest,
            manifest.bytes(),
            artifacts.path(row.kind(), row.key()),
            row.kind(),
            manifest.resultJson()));
    return new StageOutcome(row.key(), false, digest);
  }

  /**
   * An artifact that an earlier attempt of this very database published, just before it died and
   * could record it. One left by another database is made again, since its rows are not here.
   */
  private Optional<ArtifactManifest> adoptable(StageRow row, Claim claim, LeaseKeeper lease) {
    if (claim.attempt() <= 1) {
      return Optional.empty();
    }
    return artifacts
        .find(row.kind(), row.key())
        .filter(manifest -> manifest.key().equals(row.key()) && ours(manifest.producer(), claim))
        .filter(
            manifest ->
                artifacts
                    .verify(row.kind(), row.key(), manifest.digest(), true, bytes -> lease.check())
                    .isEmpty());
  }

  private boolean ours(Producer producer, Claim claim) {
    return database.experiments().attemptsOf(claim.key()).stream()
        .anyMatch(
            attempt ->
                attempt.attempt() == producer.attempt()
                    && attempt.attempt() < claim.attempt()
                    && attempt.pid() == producer.pid()
                    && attempt.host().equals(producer.host()));
  }

  private long infrastructureFailures(String key, Instant since) {
    return database.experiments().attemptsOf(key).stream()
        .filter(attempt -> !attempt.startedAt().isBefore(since))
        .filter(attempt -> attempt.cause().equals(Optional.of(FailureCause.INFRASTRUCTURE.name())))
        .count();
  }

  private String runName(StageRequest request) {
    return database.experiments().findRuns(request.runId()).stream()
        .map(RunRow::name)
        .findFirst()
        .orElse(request.runId());
  }
}
