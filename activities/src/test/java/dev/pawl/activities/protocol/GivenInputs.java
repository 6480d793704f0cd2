package dev.pawl.activities.protocol;

import java.nio.file.Path;
import java.util.function.Consumer;

/** A context whose inputs are folders of one test folder, and whose progress a test hears. */
final class GivenInputs extends ForwardingContext {
  private final Path folders;
  private final Consumer<StageProgress> heard;

  GivenInputs(StageContext of, Path folders, Consumer<StageProgress> heard) {
    super(of);
    this.folders = folders;
    this.heard = heard;
  }

  @Override
  public Path input(String name) {
    return folders.resolve(name);
  }

  @Override
  public void progress(StageProgress progress) {
    heard.accept(progress);
    super.progress(progress);
  }
}
