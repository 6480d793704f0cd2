package dev.pawl.db.report;

import java.util.OptionalDouble;

/**
 * How fast a run's model generates, and how good it is.
 *
 * @param validLoss in nats a predicted token; empty where it was not measured
 * @param prefillLength prompt tokens
 * @param decodeLength new tokens
 * @param batchSize prompts at a time
 * @param tokensPerSecond new tokens a second, of all prompts together
 * @param dominated whether another row of the same experiment and shape is faster and as good, or
 *     better and as fast
 */
public record Speed(
    String experimentId,
    String runId,
    int prefillLength,
    int decodeLength,
    int batchSize,
    String precision,
    String protocol,
    OptionalDouble validLoss,
    double tokensPerSecond,
    boolean dominated) {}
