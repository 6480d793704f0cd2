package dev.pawl.activities.protocol;

import dev.pawl.db.Claim;
import dev.pawl.db.FencedException;
import dev.pawl.db.GoodputStore;
import dev.pawl.db.TimeSegment;
import dev.pawl.db.TimeSegment.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps account of what one attempt does with its time: work, whose fate shows later, and saving.
 *
 * <p>It is a list of segments without gaps, measured on the clock of this process from the moment
 * the stage was claimed. Whatever changed is written with each beat; nothing a stage calls here
 * writes, except {@link #resumedAfter}. A killed attempt's account so ends at most a beat before
 * its death, and {@code resumedAfter} settles what it could no longer say. Thread-safe.
 */
public final class TimeLedger {
  private static final Logger LOG = LoggerFactory.getLogger(TimeLedger.class);
  private static final double NANOS = 1e9;

  private final GoodputStore store;
  private final Claim claim;
  private final AttemptObserver observer;
  private final LongSupplier nanoTime;
  private final long start;
  private final Object writing = new Object();

  /** Segments that are not settled, or not written as they are now, by ordinal. */
  private final Map<Integer, TimeSegment> open = new TreeMap<>();

  private final Map<Integer, TimeSegment> written = new HashMap<>();
  private TimeSegment current;

  /** Seconds that the observer was told of. */
  private double told;

  /** An account that begins now. */
  TimeLedger(GoodputStore store, Claim claim) {
    this(store, claim, System::nanoTime);
  }

  TimeLedger(GoodputStore store, Claim claim, LongSupplier nanoTime) {
    this(store, claim, AttemptObserver.NONE, nanoTime);
  }

  /** One whose seconds are also told to an observer. */
  TimeLedger(GoodputStore store, Claim claim, AttemptObserver observer, LongSupplier nanoTime) {
    this.store = store;
    this.claim = claim;
    this.observer = observer;
    this.nanoTime = nanoTime;
    this.start = nanoTime.getAsLong();
    this.current = new TimeSegment(0, Kind.WORK, 0, 0, OptionalLong.empty());
  }

  /** A place in the account: all work before it, and none after. */
  public record Mark(int ordinal) {}

  /** What is done while training waits. */
  @FunctionalInterface
  public interface Saving<T, X extends Exception> {
    T save() throws X;
  }

  /**
   * Training goes on from the state after this step, or from the initial one, 0. Settles what
   * earlier attempts did: up to the step it is kept, after it lost.
   */
  public void resumedAfter(long step) {
    if (claim.attempt() > 1) {
      observer.spent(TimeUse.LOST, store.resumed(claim, step));
    }
    synchronized (this) {
      current =
          new TimeSegment(
              current.ordinal(), current.kind(), current.beganSeconds(), 0, OptionalLong.of(step));
    }
  }

  /**
   * Parts the work so far, up to the state after this step, from what follows. To be {@link #kept}
   * once that state is safe, by whichever thread.
   */
  public synchronized Mark mark(long step) {
    cut(Kind.WORK, OptionalLong.of(step));
    return new Mark(current.ordinal());
  }

  /** All work before the mark is safe: nobody has to do it again. */
  public synchronized void kept(Mark mark) {
    open.replaceAll(
        (ordinal, segment) ->
            ordinal < mark.ordinal() && segment.kind() == Kind.WORK
                ? new TimeSegment(
                    ordinal,
                    Kind.KEPT,
                    segment.beganSeconds(),
                    segment.endedSeconds(),
                    segment.step())
                : segment);
  }

  /** Time in which the work waits for something to be saved. */
  public <T, X extends Exception> T saving(Saving<T, X> saving) throws X {
    OptionalLong step;
    synchronized (this) {
      step = current.step();
      cut(Kind.SAVING, step);
    }
    return until(step, saving);
  }

  /** Saves the state after a step while the work waits; all work up to it is then kept. */
  public <T, X extends Exception> T saving(long step, Saving<T, X> saving) throws X {
    Mark mark;
    synchronized (this) {
      cut(Kind.SAVING, OptionalLong.of(step));
      mark = new Mark(current.ordinal());
    }
    T saved = until(OptionalLong.of(step), saving);
    kept(mark);
    return saved;
  }

  private <T, X extends Exception> T until(OptionalLong step, Saving<T, X> saving) throws X {
    try {
      return saving.save();
    } finally {
      synchronized (this) {
        cut(Kind.WORK, step);
      }
    }
  }

  /** What an earlier attempt published just before it died is taken for the result. */
  void adopted(int attempt) {
    store.adopted(claim, attempt);
  }

  /** The artifact is there: all work of the attempt is kept. */
  void published() {
    synchronized (this) {
      cut(Kind.SAVING, current.step());
      kept(new Mark(current.ordinal()));
    }
  }

  /** Writes what changed since the last time. */
  void write() {
    synchronized (writing) {
      List<TimeSegment> batch = changed();
      store.write(claim, batch);
      settle(batch);
    }
  }

  /** Writes for the last time; an account that cannot be written is no reason to fail. */
  void close() {
    // Left standing, an interrupt would break the write.
    boolean interrupted = Thread.interrupted();
    try {
      write();
    } catch (FencedException lost) {
      LOG.debug("stage {}: the account is the next attempt's to settle", claim.key());
    } catch (RuntimeException unwritten) {
      LOG.warn("stage {}: the time since the last beat is not accounted", claim.key(), unwritten);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private synchronized List<TimeSegment> changed() {
    tell();
    open.put(current.ordinal(), ended(current));
    List<TimeSegment> batch = new ArrayList<>();
    open.forEach(
        (ordinal, segment) -> {
          if (!segment.equals(written.get(ordinal))) {
            batch.add(segment);
          }
        });
    return batch;
  }

  private synchronized void settle(List<TimeSegment> batch) {
    for (TimeSegment segment : batch) {
      boolean same = segment.equals(open.get(segment.ordinal()));
      if (same && segment.kind() != Kind.WORK && segment.ordinal() != current.ordinal()) {
        open.remove(segment.ordinal());
        written.remove(segment.ordinal());
      } else {
        written.put(segment.ordinal(), segment);
      }
    }
  }

  private void cut(Kind next, OptionalLong step) {
    tell();
    TimeSegment last = ended(current);
    open.put(last.ordinal(), last);
    current =
        new TimeSegment(last.ordinal() + 1, next, last.endedSeconds(), last.endedSeconds(), step);
  }

  private void tell() {
    double now = elapsed();
    observer.spent(current.kind() == Kind.SAVING ? TimeUse.SAVING : TimeUse.WORK, now - told);
    told = now;
  }

  private TimeSegment ended(TimeSegment segment) {
    return new TimeSegment(
        segment.ordinal(), segment.kind(), segment.beganSeconds(), elapsed(), segment.step());
  }

  private double elapsed() {
    return (nanoTime.getAsLong() - start) / NANOS;
  }
}
