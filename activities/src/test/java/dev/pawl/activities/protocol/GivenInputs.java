package dev.pawl.activities.protocol;

import dev.pawl.activities.StageRequest;
import dev.pawl.db.Claim;
import dev.pawl.db.Database;
import dev.pawl.db.StageRow;
import java.nio.file.Path;
import java.util.function.Consumer;

/** A context whose inputs are folders of one test folder, and whose progress a test hears. */
record GivenInputs(StageContext of, Path folders, Consumer<StageProgress> heard)
    implements StageContext {
  @Override
  public Path input(String name) {
    return folders.resolve(name);
  }

  @Override
  public void progress(StageProgress progress) {
    heard.accept(progress);
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
  public TimeLedger time() {
    return of.time();
  }

  @Override
  public void check() {
    of.check();
  }
}
