package dev.pawl.model.training;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.pawl.model.config.ActivationRecompute;
import dev.pawl.model.config.Precision;
import dev.pawl.model.config.TrainingConfig;
import org.junit.jupiter.api.Test;

class LearningRateScheduleTest {
  private static final TrainingConfig PUBLISHED =
      new TrainingConfig(
          2048,
          256,
          0,
          572_000,
          0,
          3000,
          6e-4,
          0.1,
          0.9,
          0.95,
          1e-8,
          0.1,
          1.0,
          Precision.BF16,
          ActivationRecompute.NONE,
          true,
          true,
          10_000,
          200,
          0);

  @Test
  void ratiosAreThePublishedOnes() {
    LearningRateSchedule schedule = new LearningRateSchedule(PUBLISHED);
    assertEquals(0.5, schedule.ratio(1500), 1e-7);
    assertEquals(0.9996667, schedule.ratio(2999), 1e-7);
    assertEquals(0.9369907, schedule.ratio(100_000), 1e-7);
    assertEquals(0.5537243, schedule.ratio(286_000), 1e-7);
    assertEquals(0.1, schedule.ratio(571_998), 1e-7);
  }

  @Test
  void theFirstTwoStepsRunAtZeroAndTheThirdAtTheFirstRatio() {
    LearningRateSchedule schedule = new LearningRateSchedule(PUBLISHED);
    assertEquals(0, schedule.after(0, 0));
    assertEquals(0, schedule.after(1, 256));
    assertEquals(6e-4 / 3000, schedule.after(2, 512), 1e-15);
  }
}
