package dev.pawl.model.dataset;

import java.util.List;

/**
 * What comparing shards with their manifest found; no problem means that all is well.
 *
 * @param shards files that the manifest names, in the part that was looked at
 * @param bytes of those that are there
 * @param reused how many were known to be good from an earlier run and not hashed again
 * @param good those that are as the manifest says
 */
public record ShardReport(
    int shards, long bytes, int reused, List<ShardProblem> problems, List<Shard> good) {
  public ShardReport {
    problems = List.copyOf(problems);
    good = List.copyOf(good);
  }
}
