package dev.pawl.activities.artifact;

import dev.pawl.model.dataset.ByteProgress;
import java.io.IOException;
import java.util.Map;

/**
 * Copies of the checkpoints of one attempt, where whoever goes on with the stage on another host
 * finds them. They follow what is in the attempt's folder, from a thread of their own: what cannot
 * be copied is said in the log and tried again with the next change. Used by one thread, but for
 * {@link #changed}.
 */
public interface CheckpointCopies extends AutoCloseable {
  /** Where artifacts have one place only. */
  CheckpointCopies NONE =
      new CheckpointCopies() {
        @Override
        public void fetch(Map<Long, String> recorded, ByteProgress progress) {}

        @Override
        public void changed() {}

        @Override
        public void settle() {}

        @Override
        public void close() {}
      };

  /** Hears of copies, in the thread that makes them. */
  interface Watch {
    /** The checkpoint of a step is about to be copied. */
    void begins(long step);

    /** The checkpoint of a step can be found by other hosts. */
    void copied(long step);
  }

  /**
   * Brings those checkpoints into the folder that are recorded and are not in it, or not as they
   * are recorded. One that is damaged is left out.
   *
   * @param recorded digest of the state by step
   * @param progress hears of bytes read; may throw to stop
   */
  void fetch(Map<Long, String> recorded, ByteProgress progress) throws IOException;

  /** Says that a checkpoint of the folder was saved or removed; returns at once. */
  void changed();

  /** Waits until the copies are what the folder is, or could not be made so. */
  void settle();

  /** Ends what is being copied. */
  @Override
  void close();
}
