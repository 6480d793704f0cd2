package dev.pawl.experiments.sweep;

/** Rules by which runs of a sweep end early. */
public enum StoppingMethod {
  /** Asynchronous successive halving (Li et al. 2020, Algorithm 2). */
  ASHA
}
