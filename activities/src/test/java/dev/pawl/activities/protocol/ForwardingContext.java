package dev.pawl.activities.protocol;

import dev.pawl.activities.StageRequest;
import dev.pawl.activities.artifact.CheckpointCopies;
import dev.pawl.db.Claim;
import dev.pawl.db.Database;
import dev.pawl.db.StageRow;
import java.nio.file.Path;

/** A context that hands everything to another; tests override what they look at. */
public class ForwardingContext implements StageContext {
  private final StageContext of;

  protected ForwardingContext(StageContext of) {
    this.of = of;
  }

  @Override
  public Path input(String name) {
    return of.input(name);
  }

  @Override
  public void progress(StageProgress progress) {
    of.progress(progress);
  }

  @Override
  public StageRequest request() {
    return of.request();
  }

  @Override
  public StageRow stage() {
    return of.stage();
  }

  @Override
  public Claim claim() {
    return of.claim();
  }

  @Override
  public Database database() {
    return of.database();
  }

  @Override
  public Path output() {
    return of.output();
  }

  @Override
  public Path work() {
    return of.work();
  }

  @Override
  public CheckpointCopies copies(Path checkpoints, CheckpointCopies.Watch watch) {
    return of.copies(checkpoints, watch);
  }

  @Override
  public TimeLedger time() {
    return of.time();
  }

  @Override
  public AttemptObserver observer() {
    return of.observer();
  }

  @Override
  public void check() {
    of.check();
  }
}
