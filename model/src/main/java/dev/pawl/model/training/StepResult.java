package dev.pawl.model.training;

import java.util.List;
import java.util.Map;

/**
 * What one optimizer step measured.
 *
 * @param step number of the step, from 1
 * @param loss what is trained: mean cross-entropy in nats per predicted token, and whatever else
 *     the model adds to it, averaged over micro-batches
 * @param losses its parts by name, each with its share; empty for vanilla models
 * @param positionLosses mean cross-entropy at each position in a block; empty for vanilla models,
 *     NaN where no block had a token
 * @param learningRate used by the step
 * @param gradientNorm global norm before clipping
 * @param tokens tokens read
 */
public record StepResult(
    long step,
    double loss,
    Map<String, Double> losses,
    List<Double> positionLosses,
    double learningRate,
    double gradientNorm,
    long tokens) {}
