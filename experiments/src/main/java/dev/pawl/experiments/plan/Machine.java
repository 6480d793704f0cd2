package dev.pawl.experiments.plan;

/** What of a machine decides results to the last bit. */
public record Machine(String deviceKind, int threads) {
  /** A short name, such as {@code cpu-2}. */
  public String id() {
    return deviceKind + "-" + threads;
  }
}
