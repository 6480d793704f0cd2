package dev.pawl.model.dataset;

import java.util.List;

/**
 * One of several equal parts of the shards that a manifest names: neighbours in name order, so that
 * a disk reads on.
 *
 * @param number from 1 to {@code count}
 * @param count parts of the whole
 */
public record ShardPart(int number, int count) {
  /** Every shard. */
  public static final ShardPart WHOLE = new ShardPart(1, 1);

  public ShardPart {
    if (number < 1 || number > count) {
      throw new IllegalArgumentException("there is no part %d of %d".formatted(number, count));
    }
  }

  /** The names of this part's shards; every shard is in one part and no part has two more. */
  public List<String> names(ShardManifest manifest) {
    List<String> all = List.copyOf(manifest.digests().keySet());
    return all.subList(begin(number - 1, all.size()), begin(number, all.size()));
  }

  private int begin(int parts, int shards) {
    return (int) ((long) shards * parts / count);
  }
}
