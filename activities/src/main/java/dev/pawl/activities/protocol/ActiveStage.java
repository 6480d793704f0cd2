package dev.pawl.activities.protocol;

import dev.pawl.activities.StageRequest;
import dev.pawl.activities.artifact.CheckpointCopies;
import dev.pawl.db.Claim;
import dev.pawl.db.Database;
import dev.pawl.db.StageRow;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;

/** One attempt at one stage, while it holds its claim. */
final class ActiveStage implements StageContext {
  private static final long SHOW_EVERY_NANOS = 100_000_000L;

  private final StageRequest request;
  private final StageRow stage;
  private final Claim claim;
  private final Database database;
  private final Path output;
  private final Path work;
  private final LeaseKeeper lease;
  private final TimeLedger time;
  private final Watcher watcher;
  private final AttemptObserver observer;
  private final Function<String, Path> inputs;
  private final BiFunction<Path, CheckpointCopies.Watch, CheckpointCopies> copies;
  private final Map<String, Path> verified = new HashMap<>();
  private boolean interrupted;
  private long shown = System.nanoTime() - SHOW_EVERY_NANOS;

  ActiveStage(
      StageRequest request,
      StageRow stage,
      Claim claim,
      Database database,
      Path output,
      Path work,
      LeaseKeeper lease,
      TimeLedger time,
      Watcher watcher,
      AttemptObserver observer,
      Function<String, Path> inputs,
      BiFunction<Path, CheckpointCopies.Watch, CheckpointCopies> copies) {
    this.request = request;
    this.stage = stage;
    this.claim = claim;
    this.database = database;
    this.output = output;
    this.work = work;
    this.lease = lease;
    this.time = time;
    this.watcher = watcher;
    this.observer = observer;
    this.inputs = inputs;
    this.copies = copies;
  }

  @Override
  public StageRequest request() {
    return request;
  }

  @Override
  public StageRow stage() {
    return stage;
  }

  @Override
  public Claim claim() {
    return claim;
  }

  @Override
  public Database database() {
    return database;
  }

  @Override
  public Path input(String name) {
    return verified.computeIfAbsent(name, inputs);
  }

  @Override
  public Path output() {
    return output;
  }

  @Override
  public Path work() {
    return work;
  }

  @Override
  public CheckpointCopies copies(Path checkpoints, CheckpointCopies.Watch watch) {
    return copies.apply(checkpoints, watch);
  }

  @Override
  public TimeLedger time() {
    return time;
  }

  @Override
  public AttemptObserver observer() {
    return observer;
  }

  @Override
  public void progress(StageProgress progress) {
    check();
    lease.progress(progress);
    long now = System.nanoTime();
    boolean last = progress.total() > 0 && progress.done() >= progress.total();
    if (last || now - shown >= SHOW_EVERY_NANOS) {
      shown = now;
      watcher.progress(progress);
    }
  }

  @Override
  public void check() {
    // Taken from the thread: what a stopping stage still saves must not be interrupted again.
    if (Thread.interrupted()) {
      interrupted = true;
    }
    if (interrupted) {
      throw new StageCancelledException("the worker is shutting down", null);
    }
    lease.check();
  }
}
