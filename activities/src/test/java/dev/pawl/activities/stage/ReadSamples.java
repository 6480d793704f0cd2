package dev.pawl.activities.stage;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import dev.pawl.model.training.TrainingData;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/** Hears what trainings read, and ends them at chosen samples. */
final class ReadSamples {
  /** How an attempt ends. */
  enum End {
    /** At once, in the middle of a step, as by a power failure: nothing more is saved. */
    CRASH,
    /** After the step, with what is done saved. */
    STOP
  }

  /** Content by position, over all attempts. */
  final Map<Long, String> byPosition = new TreeMap<>();

  /** Positions that the last attempt read, in order. */
  final List<Long> lastAttempt = new ArrayList<>();

  /** A reader that ends its attempt when it is asked for the sample at a position. */
  UnaryOperator<TrainingData> endingAt(long end, End how) {
    return data -> {
      lastAttempt.clear();
      return new TrainingData() {
        @Override
        public void read(long position, int[] ids, byte[] mask) {
          if (position == end && how == End.CRASH) {
            throw new PawlException(FailureCause.INFRASTRUCTURE, "the power is gone");
          }
          data.read(position, ids, mask);
          lastAttempt.add(position);
          String content = Arrays.toString(ids) + Arrays.toString(mask);
          String before = byPosition.putIfAbsent(position, content);
          if (before != null) {
            assertEquals(before, content, "sample at position " + position);
          }
          if (position == end && how == End.STOP) {
            Thread.currentThread().interrupt();
          }
        }

        @Override
        public int extraTokens() {
          return data.extraTokens();
        }
      };
    };
  }

  /** A reader that only listens. */
  UnaryOperator<TrainingData> toTheEnd() {
    return endingAt(-1, End.CRASH);
  }
}
