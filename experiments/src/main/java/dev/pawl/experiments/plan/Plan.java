package dev.pawl.experiments.plan;

import java.util.List;

/** What an experiment comes down to; notes say what was left out and why. */
public record Plan(
    String experimentId,
    String name,
    String digest,
    String configJson,
    String source,
    List<PlannedRun> runs,
    List<String> notes) {}
