package dev.pawl.activities.stage;

import dev.pawl.activities.protocol.LogFields;
import dev.pawl.model.checkpoint.Checkpoint;
import dev.pawl.model.checkpoint.SaveGuard;
import dev.pawl.model.checkpoint.TrainingState;
import dev.pawl.model.torch.TensorScope;
import dev.pawl.model.torch.Torch;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Saves states one after another: from a copy in a thread of its own, so that training goes on
 * meanwhile, or in the thread of the caller. Used by one thread, which sees what went wrong at its
 * next call.
 */
final class CheckpointWriter implements AutoCloseable {
  /** Saves a state; nobody changes it meanwhile. */
  @FunctionalInterface
  interface Work {
    Checkpoint save(TrainingState state) throws IOException;
  }

  private final @Nullable ExecutorService thread;
  private final TensorScope scope = Torch.scope();
  private @Nullable TrainingState copy;
  private @Nullable Future<Checkpoint> flight;
  private volatile boolean abandoned;

  /**
   * A writer.
   *
   * @param name of its thread; without one it has none
   */
  CheckpointWriter(Optional<String> name) {
    this.thread =
        name.map(
                given ->
                    Executors.newSingleThreadExecutor(
                        task -> {
                          Thread made = new Thread(LogFields.carried(task), given);
                          made.setDaemon(true);
                          return made;
                        }))
            .orElse(null);
  }

  /**
   * Begins to save a state, after the save before it is done; it may be changed afterwards.
   *
   * @param work saves it
   * @return the checkpoint, where it was saved at once
   */
  Optional<Checkpoint> start(TrainingState state, Work work) throws IOException {
    await();
    if (thread == null) {
      return Optional.of(work.save(state));
    }
    copy = state.snapshot(scope, copy);
    TrainingState still = copy;
    flight = thread.submit(() -> work.save(still));
    return Optional.empty();
  }

  /** Whether a checkpoint is being written. */
  boolean writing() {
    return flight != null && !flight.isDone();
  }

  /** Waits for the save that was begun, if there is one, and throws what made it fail. */
  Optional<Checkpoint> await() throws IOException {
    Future<Checkpoint> awaited = flight;
    if (awaited == null) {
      return Optional.empty();
    }
    // An interrupt asks the stage to stop: it does, with this checkpoint.
    boolean interrupted = false;
    try {
      while (true) {
        try {
          Checkpoint saved = awaited.get();
          flight = null;
          return Optional.of(saved);
        } catch (InterruptedException later) {
          interrupted = true;
        } catch (ExecutionException failed) {
          flight = null;
          throw asThrown(failed.getCause());
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** What was thrown, as it was: failures are told apart by their types. */
  private static IOException asThrown(Throwable thrown) {
    if (thrown instanceof RuntimeException runtime) {
      throw runtime;
    }
    if (thrown instanceof Error error) {
      throw error;
    }
    return thrown instanceof IOException io ? io : new IOException(thrown);
  }

  /** Ends the save that was begun, as soon as may be: its result is not wanted, or not ours. */
  void abandon() {
    abandoned = true;
  }

  /** Lets a save go on until it is abandoned, or until one of these throws. */
  SaveGuard guard(Runnable weightsWritten, Runnable beforeMove) {
    return new SaveGuard() {
      @Override
      public void piece() {
        if (abandoned) {
          throw new CancellationException("the checkpoint is no longer wanted");
        }
      }

      @Override
      public void weightsWritten() {
        weightsWritten.run();
      }

      @Override
      public void move() {
        piece();
        beforeMove.run();
      }
    };
  }

  /** Waits for the save that was begun; what made it fail is thrown, unless it was abandoned. */
  @Override
  public void close() throws IOException {
    try {
      await();
    } catch (RuntimeException failed) {
      if (!abandoned) {
        throw failed;
      }
    } finally {
      if (thread != null) {
        thread.shutdown();
        awaitEnd(thread);
      }
      scope.close();
    }
  }

  private static void awaitEnd(ExecutorService thread) {
    boolean interrupted = false;
    boolean ended = false;
    while (!ended) {
      try {
        ended = thread.awaitTermination(1, TimeUnit.DAYS);
      } catch (InterruptedException later) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
