package dev.pawl.model.dataset;

import java.util.List;

/** What comparing shards with their manifest found; no problem means that all is well. */
public record ShardReport(int shards, long bytes, List<String> problems) {}
