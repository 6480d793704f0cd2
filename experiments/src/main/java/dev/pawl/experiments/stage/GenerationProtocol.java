package dev.pawl.experiments.stage;

import java.util.List;

/** How keys and values are kept while generation is measured. */
public enum GenerationProtocol {
  /** Room for the whole sequence from the start. */
  OPTIMISED,
  /** Copied longer at each step, keys in fp32, as the published measurements did. */
  REFERENCE_LIKE,
  /** One after the other. */
  BOTH;

  /** The names of the protocols that are measured. */
  public List<String> labels() {
    return switch (this) {
      case OPTIMISED -> List.of("optimised");
      case REFERENCE_LIKE -> List.of("reference-like");
      case BOTH -> List.of("optimised", "reference-like");
    };
  }
}
