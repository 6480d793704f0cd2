package dev.pawl.activities.protocol;

import dev.pawl.activities.StageActivities;
import dev.pawl.db.Wish;
import io.temporal.failure.ApplicationFailure;
import java.time.Duration;
import java.util.Locale;

/** An operator's wish on its way through a stage that is to stop for it. */
final class OperatorWish extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private static final Duration LOOK_AGAIN = Duration.ofSeconds(2);

  private final Wish wish;

  OperatorWish(Wish wish) {
    super(words(wish));
    this.wish = wish;
  }

  Wish wish() {
    return wish;
  }

  /** What the scheduler is told: to ask again later, or that the run has ended. */
  ApplicationFailure failure() {
    return switch (wish) {
      case PAUSE ->
          ApplicationFailure.newBuilder()
              .setMessage(getMessage())
              .setType(StageActivities.PAUSED)
              .setNextRetryDelay(LOOK_AGAIN)
              .build();
      case STOP -> ApplicationFailure.newNonRetryableFailure(getMessage(), StageActivities.STOPPED);
      case CANCEL, CANCEL_NOW ->
          ApplicationFailure.newNonRetryableFailure(getMessage(), StageActivities.CANCELLED);
    };
  }

  private static String words(Wish wish) {
    return "an operator asked to " + wish.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
