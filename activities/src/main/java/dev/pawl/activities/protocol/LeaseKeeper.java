package dev.pawl.activities.protocol;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pawl.db.Claim;
import dev.pawl.db.FencedException;
import dev.pawl.db.StageStore;
import dev.pawl.db.Wish;
import io.temporal.client.ActivityCompletionException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a claim alive from threads of its own, because one training step may block for longer than
 * a lease: one tells the scheduler, the other the database, since either may be away while the
 * other is not. What they refuse is kept and thrown into the stage at its next {@link #check()}.
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
  private final Thread keeper;
  private final Thread beater;
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
    String name = claim.key().substring(0, 8);
    this.keeper = new Thread(LogFields.carried(this::keep), "pawl-lease-" + name);
    this.beater = new Thread(LogFields.carried(this::beat), "pawl-beat-" + name);
    for (Thread each : List.of(keeper, beater)) {
      each.setDaemon(true);
      each.start();
    }
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
        boolean due = System.nanoTime() - renewed >= timing.renewal().toNanos();
        long before = System.nanoTime();
        if (due) {
          stages.renew(claim, timing.lease());
          renewed = before;
          observer.leaseRenewed();
        }
        writeProgress();
        // The claim stays alive: what is saved on the way out may take its time.
        wishes.get().ifPresent(wish -> refuse(new OperatorWish(wish)));
        time.write();
      } catch (FencedException no) {
        refuse(no);
        refused = true;
      } catch (RuntimeException | IOException trouble) {
        // Also when a whole lease has passed: the database decides, once it is back, whether
        // another
        // worker has the stage. Until then nothing that is written counts without it.
        observer.leaseTrouble();
        LOG.warn("stage {}: renewal failed, trying again: {}", claim.key(), trouble.toString());
      }
    }
  }

  private void beat() {
    boolean refused = false;
    while (!refused && !waited()) {
      try {
        heartbeat.beat();
      } catch (ActivityCompletionException no) {
        refuse(no);
        refused = true;
      } catch (RuntimeException trouble) {
        observer.leaseTrouble();
        LOG.warn("stage {}: beat failed, trying again: {}", claim.key(), trouble.toString());
      }
    }
  }

  // Whoever has lost the claim writes nothing more, whatever else is asked of it.
  private synchronized void refuse(RuntimeException no) {
    if (!(refusal instanceof FencedException)) {
      refusal = no;
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

  /**
   * Ends the threads and waits for what is being written, so that nothing is written after it. A
   * word to a scheduler that does not answer is not waited for.
   */
  @Override
  public void close() {
    closed.countDown();
    boolean interrupted = false;
    while (keeper.isAlive()) {
      try {
        keeper.join();
      } catch (InterruptedException later) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
