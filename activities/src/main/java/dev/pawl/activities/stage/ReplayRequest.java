package dev.pawl.activities.stage;

import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import dev.pawl.model.random.Seeds;
import java.util.List;

/**
 * Which steps of a training are trained again.
 *
 * @param steps how many; 0 for none
 * @param from {@code start} for the initial weights, {@code random} for one of the states that are
 *     kept, or the step of a kept checkpoint
 * @param seed of the choice, where it is random
 */
public record ReplayRequest(long steps, String from, long seed) {
  /** From the initial weights. */
  public static final String START = "start";

  /** From any state that is kept. */
  public static final String RANDOM = "random";

  /** Nothing is trained again. */
  public static final ReplayRequest NONE = new ReplayRequest(0, START, 0);

  public ReplayRequest {
    if (!from.equals(START) && !from.equals(RANDOM) && !from.matches("\\d{1,18}")) {
      throw new PawlException(
          FailureCause.CONFIG,
          "replay from '%s': give a step, %s or %s".formatted(from, RANDOM, START));
    }
  }

  /**
   * The step to begin after; 0 is the initial weights.
   *
   * @param kept steps of the kept checkpoints that are not the end, in order
   * @throws PawlException CONFIG when the step asked for is not among them
   */
  long choose(List<Long> kept) {
    return switch (from) {
      case START -> 0;
      case RANDOM -> {
        long drawn = Seeds.derive(seed, "replay", 0, 0) >>> 1;
        int choice = (int) (drawn % (kept.size() + 1));
        yield choice == 0 ? 0 : kept.get(choice - 1);
      }
      default -> {
        long step = Long.parseLong(from);
        if (step != 0 && !kept.contains(step)) {
          throw new PawlException(
              FailureCause.CONFIG,
              "no checkpoint of step %d to train on from: there are %s, and 0, the initial weights"
                  .formatted(step, kept));
        }
        yield step;
      }
    };
  }

  /** How the step was chosen, in words. */
  String choice() {
    return from.equals(RANDOM) ? "drawn with seed " + seed : "as asked";
  }
}
