package dev.pawl.activities.protocol;

import dev.pawl.activities.StageOutcome;
import dev.pawl.activities.StageRequest;
import dev.pawl.activities.artifact.ArtifactManifest;
import dev.pawl.activities.artifact.ArtifactStore;
import dev.pawl.activities.artifact.Producer;
import dev.pawl.db.Claim;
import dev.pawl.db.Completion;
import dev.pawl.db.ControlStore;
import dev.pawl.db.Database;
import dev.pawl.db.Owner;
import dev.pawl.db.StageRow;
import dev.pawl.db.StageStatus;
import dev.pawl.db.StageStore;
import dev.pawl.experiments.CanonicalJson;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * One attempt at a stage, from its claim to its record: work, publication, and what becomes of both
 * when it fails or loses the claim.
 */
final class StageAttempt {
  private final Database database;
  private final StageStore stages;
  private final ArtifactStore artifacts;
  private final Inputs inputs;
  private final LeaseTiming timing;
  private final Stage<?> stage;
  private final StageRequest request;
  private final StageRow row;
  private final Claim claim;
  private final Producer producer;
  private final String point;
  private final AttemptObserver observer;
  private final TimeLedger time;

  /** An attempt that begins now. */
  StageAttempt(
      Database database,
      ArtifactStore artifacts,
      Inputs inputs,
      LeaseTiming timing,
      Stage<?> stage,
      StageRequest request,
      StageRow row,
      Claim claim,
      Owner owner,
      AttemptObserver observer) {
    this.database = database;
    this.stages = database.stages();
    this.artifacts = artifacts;
    this.inputs = inputs;
    this.timing = timing;
    this.stage = stage;
    this.request = request;
    this.row = row;
    this.claim = claim;
    this.producer = new Producer(owner.host(), owner.pid(), claim.attempt());
    this.point = stage.kind().id();
    this.observer = observer;
    this.time = new TimeLedger(database.goodput(), claim, observer, System::nanoTime);
  }

  /**
   * Does the work, or adopts what an earlier attempt of it published.
   *
   * @throws io.temporal.failure.ApplicationFailure as {@link StageProtocol#run} does
   */
  StageOutcome run(Heartbeat heartbeat, Watcher watcher, Endings endings) {
    FaultPoints.reach(point + ".after_claim");
    watcher.started();
    try {
      database.goodput().began(claim, request.runId());
      StageOutcome outcome;
      try (LeaseKeeper lease = lease(heartbeat)) {
        artifacts.retireOthers(row.kind(), row.key(), claim.attempt(), this::requireHeld);
        Optional<ArtifactManifest> published = adoptable(lease);
        published.ifPresent(manifest -> time.adopted(manifest.producer().attempt()));
        ArtifactManifest manifest =
            published.isPresent() ? published.get() : publish(lease, watcher);
        time.published();
        time.close();
        outcome = complete(manifest);
      }
      FaultPoints.reach(point + ".after_done");
      artifacts.discardWork(row.key(), claim.attempt());
      watcher.done();
      return outcome;
    } catch (StageRestsException rests) {
      time.close();
      return rest(rests, watcher, endings);
    } catch (Throwable thrown) {
      time.close();
      throw ended(thrown, watcher, endings);
    }
  }

  private StageOutcome rest(StageRestsException rests, Watcher watcher, Endings endings) {
    // Left standing, an interrupt would break the write; what it asks for is about to be done.
    boolean interrupted = Thread.interrupted();
    try {
      stages.rest(claim, String.valueOf(rests.getMessage()));
    } catch (RuntimeException thrown) {
      throw ended(thrown, watcher, endings);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
    // Nothing but a training rests.
    FaultPoints.reach("pretrain.after_rest");
    watcher.rests(String.valueOf(rests.getMessage()));
    return StageOutcome.resting(row.key());
  }

  private RuntimeException ended(Throwable thrown, Watcher watcher, Endings endings) {
    RuntimeException ending = endings.claimed(claim, thrown, watcher);
    forsake(ending);
    return ending;
  }

  /** Asks the database, now, whether the claim holds. */
  private void requireHeld() {
    stages.requireHeld(claim);
  }

  private void forsake(RuntimeException ending) {
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

  private LeaseKeeper lease(Heartbeat heartbeat) {
    ControlStore controls = database.controls();
    return new LeaseKeeper(
        stages, claim, heartbeat, () -> controls.of(request.runId()), time, timing, observer);
  }

  private ArtifactManifest publish(LeaseKeeper lease, Watcher watcher) throws Exception {
    Path output = artifacts.prepare(row.kind(), row.key(), producer);
    try {
      return publish(lease, watcher, output);
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

  private ArtifactManifest publish(LeaseKeeper lease, Watcher watcher, Path output)
      throws Exception {
    ActiveStage context =
        new ActiveStage(
            request,
            row,
            claim,
            database,
            output,
            artifacts.work(row.key(), claim.attempt(), this::requireHeld),
            lease,
            time,
            watcher,
            observer,
            name -> inputs.folder(row, name, bytes -> lease.check()),
            (checkpoints, watch) ->
                artifacts.copies(
                    checkpoints, row.key(), claim.attempt(), this::requireHeld, watch));
    StageResult result =
        observer.during(AttemptPhase.EXECUTE, () -> execute(stage, row.configJson(), context));
    FaultPoints.reach(point + ".after_execute");
    context.check();
    return observer.during(AttemptPhase.PUBLISH, () -> published(output, result, context));
  }

  private ArtifactManifest published(Path output, StageResult result, ActiveStage context)
      throws Exception {
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
          artifacts.publish(
              output, row.kind(), row.key(), producer, bytes -> context.check(), this::requireHeld);
          FaultPoints.reach(point + ".between_move_and_done");
          return manifest;
        });
  }

  private static <C> StageResult execute(Stage<C> stage, String configJson, StageContext context)
      throws Exception {
    return stage.execute(CanonicalJson.read(configJson, stage.configType()), context);
  }

  private StageOutcome complete(ArtifactManifest manifest) {
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
  private Optional<ArtifactManifest> adoptable(LeaseKeeper lease) throws IOException {
    if (claim.attempt() <= 1) {
      return Optional.empty();
    }
    for (ArtifactManifest manifest : artifacts.published(row.kind(), row.key())) {
      if (manifest.key().equals(row.key()) && ours(manifest.producer())) {
        Optional<String> problem =
            artifacts.fetch(row.kind(), row.key(), manifest.digest(), true, bytes -> lease.check());
        if (problem.isEmpty()) {
          // Whoever found it damaged where others look must find it whole now.
          artifacts.share(row.kind(), row.key(), manifest.digest(), true, bytes -> lease.check());
          return Optional.of(manifest);
        }
      }
    }
    return Optional.empty();
  }

  private boolean ours(Producer other) {
    return database.experiments().attemptsOf(claim.key()).stream()
        .anyMatch(
            attempt ->
                attempt.attempt() == other.attempt()
                    && attempt.attempt() < claim.attempt()
                    && attempt.pid() == other.pid()
                    && attempt.host().equals(other.host()));
  }
}
