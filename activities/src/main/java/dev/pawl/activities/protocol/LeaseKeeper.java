package dev.pawl.activities.protocol;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pawl.db.Claim;
import dev.pawl.db.FencedException;
import dev.pawl.db.StageStore;
import dev.pawl.db.Wish;
import io.temporal.client.ActivityCompletionException;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a claim alive from a thread of its own, because one training step may block for longer than
 * a lease.
 *
 * <p>Each beat goes to the scheduler, now and then to the database. What either refuses is kept and
 * thrown into the stage at its next {@link #check()}.
 */
final class LeaseKeeper implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LeaseKeeper.class);

  private final StageStore stages;
  private final Claim claim;
  private final Heartbeat heartbeat;
  private final Supplier<Optional<Wish>> wishes;
  private final TimeLedger time;
  private final LeaseTiming timing;
  private final AttemptObserver observer;
  private final ObjectMapper json = new ObjectMapper();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final AtomicReference<@Nullable StageProgress> unwritten = new AtomicReference<>();
  private final Thread thread;
  private volatile @Nullable RuntimeException refusal;

  LeaseKeeper(
      StageStore stages,
      Claim claim,
      Heartbeat heartbeat,
      Supplier<Optional<Wish>> wishes,
      TimeLedger time,
      LeaseTiming timing,
      AttemptObserver observer) {
    this.stages = stages;
    this.wishes = wishes;
    this.time = time;
    this.claim = claim;
    this.heartbeat = heartbeat;
    this.timing = timing;
    this.observer = observer;
    this.thread =
        new Thread(LogFields.carried(this::keep), "pawl-lease-" + claim.key().substring(0, 8));
    thread.setDaemon(true);
    thread.start();
  }

  /** Hands over progress to be written at the next beat; only the newest is kept. */
  void progress(StageProgress progress) {
    unwritten.set(progress);
  }

  /** Throws what the scheduler or the database refused. */
  void check() {
    RuntimeException refused = refusal;
    if (refused instanceof OperatorWish operator) {
      throw new StageCancelledException(operator.getMessage(), operator);
    }
    if (refused instanceof ActivityCompletionException completion) {
      throw new StageCancelledException("the stage was asked to stop", completion);
    }
    if (refused != null) {
      // A new one each time: a shared exception would collect the stacks of several threads.
      throw new FencedException(claim);
    }
  }

  private void keep() {
    long renewed = System.nanoTime();
    boolean refused = false;
    while (!refused && !waited()) {
      try {
        heartbeat.beat();
        boolean due = System.nanoTime() - renewed >= timing.renewal().toNanos();
        long before = System.nanoTime();
        if (due) {
          stages.renew(claim, timing.lease());
          renewed = before;
          observer.leaseRenewed();
        }
        writeProgress();
        // The claim stays alive: what is saved on the way out may take its time.
        wishes.get().ifPresent(wish -> refusal = new OperatorWish(wish));
        time.write();
      } catch (ActivityCompletionException | FencedException no) {
        refusal = no;
        refused = true;
      } catch (RuntimeException | IOException trouble) {
        // Also when a whole lease has passed: the database decides, once it is back, whether
        // another
        // worker has the stage. Until then nothing that is written counts without it.
        observer.leaseTrouble();
        LOG.warn("stage {}: beat failed, trying again: {}", claim.key(), trouble.toString());
      }
    }
  }

  private void writeProgress() throws IOException {
    StageProgress progress = unwritten.getAndSet(null);
    if (progress != null) {
      stages.progress(claim, json.writeValueAsString(progress));
    }
  }

  private boolean waited() {
    try {
      return closed.await(timing.beat().toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  /** Ends the thread and waits for a beat in flight, so that nothing is written after it. */
  @Override
  public void close() {
    closed.countDown();
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException later) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
