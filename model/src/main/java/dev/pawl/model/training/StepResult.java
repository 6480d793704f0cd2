package dev.pawl.model.training;

import dev.pawl.model.checkpoint.SkippedRange;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What one optimizer step measured. Where something was wrong with it, no update was made, and its
 * numbers are what was measured until then.
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
 * @param skipped what was passed over, if the step was not as it should be. After a SKIP the state
 *     is past it; for a REWIND it is as before, and the caller goes back
 */
public record StepResult(
    long step,
    double loss,
    Map<String, Double> losses,
    List<Double> positionLosses,
    double learningRate,
    double gradientNorm,
    long tokens,
    Optional<SkippedRange> skipped) {}
