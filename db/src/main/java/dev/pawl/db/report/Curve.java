package dev.pawl.db.report;

import java.util.List;

/**
 * One metric of one run in step order, thinned.
 *
 * @param steps optimizer steps behind
 * @param values of the same length; may hold values that are no numbers
 */
public record Curve(String runId, String name, List<Long> steps, List<Double> values) {}
