package dev.pawl.experiments.plan;

import java.util.Map;

/** A stage of a plan; inputs map names to the keys of the stages that make them. */
public record PlannedStage(
    String kind, int version, String key, String configJson, Map<String, String> inputs) {}
