package dev.pawl.model.evaluation;

import java.util.List;

/** The metrics of a task over its documents. */
public record TaskResult(String task, int documents, List<MetricValue> metrics) {}
