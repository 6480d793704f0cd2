package dev.pawl.model.dataset;

/** Hears of bytes done, as {@link ByteProgress}, and of shards. */
public interface UnshardListener extends ByteProgress {
  /** A shard that an earlier process copied is read back from the output. */
  default void reused(Shard shard) {}

  /** A shard begins to be copied. */
  default void copying(Shard shard) {}
}
