package dev.pawl.activities.artifact;

import dev.pawl.activities.store.DamagedObjectException;
import dev.pawl.activities.store.ObjectStore;
import dev.pawl.db.FencedException;
import dev.pawl.model.dataset.ByteProgress;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@link CheckpointCopies} in an object store, made by a thread that begins with the first. */
final class SharedCheckpoints implements CheckpointCopies {
  private static final Logger LOG = LoggerFactory.getLogger(SharedCheckpoints.class);

  private final CheckpointObjects checkpoints;
  private final Path folder;
  private final Runnable guard;
  private final Watch watch;

  /** Digest of the state by step, as the store has it; null until it was asked. */
  private @Nullable Map<Long, String> copied;

  private @Nullable Thread thread;
  private boolean wanted;
  private boolean busy;
  private boolean failed;
  private volatile boolean closed;

  /**
   * Copies of what a folder holds.
   *
   * @param guard throws when the claim is lost; asked before anything becomes visible or goes
   */
  SharedCheckpoints(
      ObjectStore objects, Path folder, String key, int attempt, Runnable guard, Watch watch) {
    this.checkpoints = new CheckpointObjects(objects, folder, key, attempt);
    this.folder = folder;
    this.guard = guard;
    this.watch = watch;
  }

  @Override
  public void fetch(Map<Long, String> recorded, ByteProgress progress) throws IOException {
    checkpoints.fetch(recorded, progress);
  }

  @Override
  public synchronized void changed() {
    wanted = true;
    if (thread == null) {
      thread = new Thread(this::follow, "pawl-copies-" + folder.getParent().getFileName());
      thread.setDaemon(true);
      thread.start();
    }
    notifyAll();
  }

  private void follow() {
    while (awaited()) {
      boolean well = false;
      try {
        round();
        well = true;
      } catch (FencedException lost) {
        LOG.info("copies of {} end: {}", folder, lost.getMessage());
        closed = true;
      } catch (CancellationException ended) {
        LOG.debug("copies of {} end", folder);
      } catch (IOException | RuntimeException trouble) {
        LOG.warn(
            "checkpoints of {} could not be copied to {}, training goes on and the next one tries again: {}",
            folder,
            checkpoints.place(),
            trouble.toString());
      } finally {
        done(!well);
      }
    }
  }

  private synchronized boolean awaited() {
    try {
      while (!wanted && !closed) {
        wait();
      }
    } catch (InterruptedException stop) {
      closed = true;
    }
    busy = !closed;
    wanted = false;
    return busy;
  }

  private synchronized void done(boolean badly) {
    busy = false;
    failed = badly;
    notifyAll();
  }

  /**
   * Makes the store what the folder is. The oldest goes first, so that whoever goes on from a copy
   * finds all those before it that are kept for good; removals come last.
   */
  private void round() throws IOException {
    Map<Long, String> known = copied == null ? checkpoints.known() : copied;
    copied = known;
    while (sendOne(known)) {
      // What is there may have changed meanwhile.
      LOG.debug("looking again at {}", folder);
    }
    Set<Long> gone = new HashSet<>(known.keySet());
    gone.removeAll(checkpoints.steps());
    if (!gone.isEmpty()) {
      guard.run();
      checkpoints.remove(gone);
      known.keySet().removeAll(gone);
    }
  }

  private boolean sendOne(Map<Long, String> known) throws IOException {
    for (long step : checkpoints.steps()) {
      String sha256 = checkpoints.here(step);
      if (!sha256.isEmpty() && !sha256.equals(known.get(step))) {
        try {
          watch.begins(step);
          if (known.containsKey(step)) {
            // Taken back and done again, with something passed over: another state.
            guard.run();
            checkpoints.remove(Set.of(step));
            known.remove(step);
          }
          checkpoints.send(step, this::piece, guard);
          known.put(step, sha256);
          watch.copied(step);
        } catch (NoSuchFileException removed) {
          if (!checkpoints.here(step).isEmpty()) {
            throw removed;
          }
          LOG.debug("checkpoint of step {} was removed while it was copied", step);
          checkpoints.remove(Set.of(step));
          known.remove(step);
        } catch (DamagedObjectException damaged) {
          // Of no use to anybody; what follows it is.
          LOG.warn("checkpoint of step {} is not copied: {}", step, damaged.getMessage());
          known.put(step, sha256);
        }
        return true;
      }
    }
    return false;
  }

  private void piece(long bytes) {
    if (closed) {
      throw new CancellationException("the copy is no longer wanted");
    }
  }

  @Override
  public void settle() {
    synchronized (this) {
      if (failed && !wanted) {
        wanted = true;
        notifyAll();
      }
    }
    boolean interrupted = false;
    synchronized (this) {
      while (thread != null && thread.isAlive() && !closed && (wanted || busy)) {
        try {
          wait();
        } catch (InterruptedException later) {
          // It asks the stage to stop, which it does with these copies.
          interrupted = true;
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    Thread ending;
    synchronized (this) {
      closed = true;
      notifyAll();
      ending = thread;
    }
    boolean interrupted = false;
    while (ending != null && ending.isAlive()) {
      try {
        ending.join();
      } catch (InterruptedException later) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
