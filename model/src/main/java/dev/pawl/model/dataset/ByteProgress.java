package dev.pawl.model.dataset;

/** Hears of bytes done; may throw to stop the work. */
@FunctionalInterface
public interface ByteProgress {
  void advance(long bytes);
}
