package dev.pawl.model.evaluation;

import java.util.List;

/** The metrics of a task over its documents, and the answers that they come from, in order. */
public record TaskResult(
    String task, String version, int documents, List<MetricValue> metrics, List<Answer> answers) {}
