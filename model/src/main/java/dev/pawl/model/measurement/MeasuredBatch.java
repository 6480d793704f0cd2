package dev.pawl.model.measurement;

import java.util.List;
import java.util.Map;

/**
 * One measured shape and batch.
 *
 * @param protocol name of the {@link dev.pawl.model.generation.CacheProtocol}
 * @param precision in lower case
 * @param oom whether memory did not suffice; the numbers are then 0 and the list empty
 * @param milliseconds of each repetition, for the whole batch
 * @param maxMemoryBytes peak resident memory of the process over the repetitions, weights included
 * @param floorMilliseconds what its FLOPs and bytes need at the machine's rates
 * @param conditions machine, device, threads, load, rates, code version, by name
 */
public record MeasuredBatch(
    int prefillLength,
    int decodeLength,
    int batchSize,
    String protocol,
    String precision,
    boolean oom,
    List<Double> milliseconds,
    long maxMemoryBytes,
    double floorMilliseconds,
    Map<String, String> conditions) {

  public MeasuredBatch {
    milliseconds = List.copyOf(milliseconds);
    conditions = Map.copyOf(conditions);
  }

  /** Milliseconds of a repetition; 0 out of memory. */
  public double mean() {
    return milliseconds.stream().mapToDouble(Double::doubleValue).average().orElse(0);
  }

  /** Their standard deviation over the population. */
  public double std() {
    double mean = mean();
    return Math.sqrt(
        milliseconds.stream().mapToDouble(ms -> (ms - mean) * (ms - mean)).average().orElse(0));
  }

  /** New tokens a second, over the mean repetition; 0 out of memory. */
  public double tokensPerSecond() {
    return oom ? 0 : 1000.0 * decodeLength * batchSize / mean();
  }

  /** The fastest repetition over the floor; 0 out of memory. */
  public double overFloor() {
    double best = milliseconds.stream().mapToDouble(Double::doubleValue).min().orElse(0);
    return oom ? 0 : best / floorMilliseconds;
  }

  /** Whether this is a batch of that shape. */
  public boolean sameShape(int prefill, int decode, String itsProtocol, String itsPrecision) {
    return prefillLength == prefill
        && decodeLength == decode
        && protocol.equals(itsProtocol)
        && precision.equals(itsPrecision);
  }
}
