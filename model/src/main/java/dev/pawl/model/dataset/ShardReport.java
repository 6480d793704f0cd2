package dev.pawl.model.dataset;

import java.util.List;

/**
 * What comparing shards with their manifest found; no problem means that all is well.
 *
 * @param shards files that the manifest names
 * @param bytes of those that are there
 * @param reused how many were known to be good from an earlier run and not hashed again
 */
public record ShardReport(int shards, long bytes, int reused, List<ShardProblem> problems) {
  public ShardReport {
    problems = List.copyOf(problems);
  }
}
