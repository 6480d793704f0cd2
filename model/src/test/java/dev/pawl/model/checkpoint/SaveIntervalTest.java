package dev.pawl.model.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class SaveIntervalTest {
  private static final double FOUR_HOURS = 4 * 3600;

  @Test
  void intervalIsTheSquareRootOfTwiceCostTimesTimeBetweenFailures() {
    SaveInterval interval = new SaveInterval(FOUR_HOURS, 5);
    interval.step(2, false);
    // sqrt(2 * 5 * 14400) = 379.47 s, in steps of 2 s.
    assertEquals(190, interval.steps());
  }

  @Test
  void savingNeverTakesMoreThanTwoPercent() {
    SaveInterval interval = new SaveInterval(FOUR_HOURS, 60);
    interval.step(3, false);
    // sqrt(2 * 60 * 14400) = 1315 s would be 4.6 %.
    assertEquals(1000, interval.steps());
    assertEquals(0.02, 60 / (interval.steps() * 3.0), 1e-9);
  }

  @Test
  void nothingIsDueBeforeAStepWasMeasured() {
    assertEquals(Long.MAX_VALUE, new SaveInterval(FOUR_HOURS, 5).steps());
  }

  @Test
  void costIsTheStallAndWhatWritingSlowsDown() {
    SaveInterval interval = new SaveInterval(FOUR_HOURS, 1000);
    for (int i = 0; i < 10; i++) {
      interval.step(1, false);
    }
    interval.saved(0.5);
    interval.step(1.25, true);
    interval.step(1.25, true);
    interval.step(1, false);
    assertEquals(1.0, interval.cost(), 1e-9);
    assertEquals(1.0, interval.stepSeconds(), 1e-9);
  }

  @Test
  void costAndStepTimeFollowWhatIsMeasured() {
    SaveInterval interval = new SaveInterval(FOUR_HOURS, 1);
    interval.step(9, false);
    interval.step(1, false);
    assertEquals(1, interval.stepSeconds(), 1e-9);
    for (int i = 0; i < 60; i++) {
      interval.saved(2);
      interval.step(4, false);
    }
    assertEquals(2, interval.cost(), 1e-6);
    assertEquals(4, interval.stepSeconds(), 0.02);
    assertTrue(Math.abs(interval.steps() - 60) <= 1, "sqrt(2 * 2 * 14400) = 240 s of 4 s each");
    interval.saved(8);
    interval.step(4, false);
    assertTrue(interval.cost() > 3, "a dearer save lengthens the interval");
  }
}
