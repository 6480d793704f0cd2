package dev.pawl.model.config;

/**
 * Samples of an optimizer step as a function of the samples consumed before it (megatron.md 5.2).
 *
 * @param total samples of a step once the batch has grown
 * @param rampup how it grows
 */
public record BatchSizes(int total, RampupConfig rampup) {

  /**
   * Checks that the batch grows in whole increments.
   *
   * @throws IllegalArgumentException naming the setting
   */
  public BatchSizes {
    if (rampup.ramps()) {
      if (rampup.start() >= total) {
        throw new IllegalArgumentException(
            "rampup_batch_size.start %d is not below total_batch_size %d"
                .formatted(rampup.start(), total));
      }
      if ((total - rampup.start()) % rampup.increment() != 0) {
        throw new IllegalArgumentException(
            "rampup_batch_size.increment %d does not divide the %d between start %d and total_batch_size %d"
                .formatted(rampup.increment(), total - rampup.start(), rampup.start(), total));
      }
    }
  }

  /** Samples of the step that begins after so many samples. */
  public int at(long consumed) {
    if (!rampup.ramps() || consumed > rampup.samples()) {
      return total;
    }
    int increments = (total - rampup.start()) / rampup.increment();
    double samplesEach = (double) rampup.samples() / increments;
    int grown = (int) (consumed / samplesEach);
    return rampup.start() + grown * rampup.increment();
  }

  /** The largest number that divides every size. */
  int commonDivisor() {
    int a = rampup.ramps() ? rampup.start() : total;
    int b = rampup.ramps() ? rampup.increment() : total;
    while (b != 0) {
      int rest = a % b;
      a = b;
      b = rest;
    }
    return a;
  }

  /** Samples consumed after some more steps. */
  public long after(long consumed, long steps) {
    long position = consumed;
    long left = steps;
    while (left > 0 && rampup.ramps() && position <= rampup.samples()) {
      position += at(position);
      left--;
    }
    return Math.addExact(position, Math.multiplyExact(left, (long) total));
  }

  /** Whole steps, from the first sample on, that use no more than so many samples. */
  public long stepsWithin(long samples) {
    long position = 0;
    long steps = 0;
    while (rampup.ramps() && position <= rampup.samples()) {
      int batch = at(position);
      if (position + batch > samples) {
        return steps;
      }
      position += batch;
      steps++;
    }
    return steps + Math.max(0, samples - position) / total;
  }
}
