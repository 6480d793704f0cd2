package dev.pawl.db;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All results of one run.
 *
 * @param stderrs standard errors of the scores in {@code tasks} that have one
 * @param documents how many documents each task was scored on
 * @param inexact why they are not bit for bit those that were planned; empty when they are
 * @param pointJson values of the swept keys, a JSON object; empty outside of a sweep
 */
public record ResultRow(
    String experimentId,
    String experiment,
    String runId,
    String run,
    String model,
    long parameters,
    Optional<Long> steps,
    Optional<Double> trainLoss,
    Optional<Double> validLoss,
    Map<String, Map<String, Double>> tasks,
    Map<String, Map<String, Double>> stderrs,
    Map<String, Integer> documents,
    List<GenerationRow> generation,
    Optional<CheckpointRow> checkpoint,
    RunStatus status,
    List<String> inexact,
    String pointJson) {}
