package dev.pawl.model.training;

import java.util.List;

/**
 * What one optimizer step measured.
 *
 * @param step number of the step, from 1
 * @param loss mean cross-entropy in nats per predicted token, averaged over micro-batches
 * @param positionLosses the same for each position in a block; empty for vanilla models
 * @param learningRate used by the step
 * @param gradientNorm global norm before clipping
 * @param tokens tokens read
 */
public record StepResult(
    long step,
    double loss,
    List<Double> positionLosses,
    double learningRate,
    double gradientNorm,
    long tokens) {}
