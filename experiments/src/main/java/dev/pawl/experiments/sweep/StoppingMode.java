package dev.pawl.experiments.sweep;

/** Which values of a metric are the better ones. */
public enum StoppingMode {
  MIN,
  MAX
}
