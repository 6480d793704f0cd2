package dev.pawl.db;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All results of one run.
 *
 * @param inexact why they are not bit for bit those that were planned; empty when they are
 */
public record ResultRow(
    String experiment,
    String runId,
    String run,
    String model,
    long parameters,
    Optional<Long> steps,
    Optional<Double> trainLoss,
    Optional<Double> validLoss,
    Map<String, Map<String, Double>> tasks,
    List<GenerationRow> generation,
    Optional<CheckpointRow> checkpoint,
    RunStatus status,
    List<String> inexact) {}
