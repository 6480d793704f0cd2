package dev.pawl.db.report;

import dev.pawl.db.GoodputRow;

/** Where the time of a run went. */
public record RunTime(String runId, GoodputRow time) {}
