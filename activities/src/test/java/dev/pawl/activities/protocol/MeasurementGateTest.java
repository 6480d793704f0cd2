package dev.pawl.activities.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MeasurementGateTest {
  private static final long PATIENCE_SECONDS = 30;

  private final MeasurementGate gate = new MeasurementGate();
  private final ExecutorService threads = Executors.newCachedThreadPool();

  @AfterEach
  void end() {
    threads.shutdownNow();
  }

  @Test
  void othersPassTogether() throws Exception {
    CyclicBarrier meeting = new CyclicBarrier(2);
    Future<String> one = inside(false, () -> {}, () -> meet(meeting));
    Future<String> two = inside(false, () -> {}, () -> meet(meeting));
    assertEquals("met", one.get(PATIENCE_SECONDS, TimeUnit.SECONDS));
    assertEquals("met", two.get(PATIENCE_SECONDS, TimeUnit.SECONDS));
  }

  @Test
  void aMeasurementWaitsForThoseInsideAndGoesBeforeThoseThatCome() throws Exception {
    List<String> order = new CopyOnWriteArrayList<>();
    CountDownLatch entered = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    CountDownLatch measurementWaits = new CountDownLatch(1);
    CountDownLatch laterWaits = new CountDownLatch(1);
    Future<String> first =
        inside(
            false,
            () -> {},
            () -> {
              entered.countDown();
              await(goOn);
              order.add("first");
            });
    await(entered);
    Future<String> measured =
        inside(true, measurementWaits::countDown, () -> order.add("measured"));
    await(measurementWaits);
    Future<String> later = inside(false, laterWaits::countDown, () -> order.add("later"));
    await(laterWaits);
    assertEquals(List.of(), order);

    goOn.countDown();

    for (Future<String> each : List.of(first, measured, later)) {
      each.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }
    assertEquals(List.of("first", "measured", "later"), order);
  }

  @Test
  void nothingEntersBesideAMeasurement() throws Exception {
    CountDownLatch entered = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    CountDownLatch otherWaits = new CountDownLatch(2);
    Future<String> measured =
        inside(
            true,
            () -> {},
            () -> {
              entered.countDown();
              await(goOn);
            });
    await(entered);
    Future<String> other = inside(false, otherWaits::countDown, () -> {});
    await(otherWaits);
    assertFalse(other.isDone());
    goOn.countDown();
    measured.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    other.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  @Test
  void aMeasurementThatGivesUpHoldsNobodyBack() throws Exception {
    CountDownLatch entered = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    Future<String> first =
        inside(
            false,
            () -> {},
            () -> {
              entered.countDown();
              await(goOn);
            });
    await(entered);
    Runnable givesUp =
        () -> {
          throw new IllegalStateException("an operator asked to pause");
        };
    assertThrows(IllegalStateException.class, () -> gate.inside(true, givesUp, () -> "measured"));

    assertEquals("other", gate.inside(false, givesUp, () -> "other"));
    goOn.countDown();
    first.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    assertEquals("measured", gate.inside(true, givesUp, () -> "measured"));
  }

  private Future<String> inside(boolean alone, Runnable whileWaiting, Runnable work) {
    return threads.submit(
        () ->
            gate.inside(
                alone,
                whileWaiting,
                () -> {
                  work.run();
                  return "met";
                }));
  }

  private static void meet(CyclicBarrier meeting) {
    try {
      meeting.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (Exception alone) {
      throw new IllegalStateException(alone);
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      assertTrue(latch.await(PATIENCE_SECONDS, TimeUnit.SECONDS));
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
