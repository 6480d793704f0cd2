package dev.pawl.model.generation;

/** How keys and values are kept while generating (block-transformer.md 7). */
public enum CacheProtocol {
  /** Room for the whole sequence from the start, in the number format of the model. */
  OPTIMISED,
  /**
   * As the original program does: each step makes a longer copy, keys in fp32; scores of all pairs
   * in fp32; a vanilla model computes the logits of all prompt positions. Slow, for comparisons.
   */
  REFERENCE_LIKE;

  /** The name in files and options. */
  public String label() {
    return this == OPTIMISED ? "optimised" : "reference-like";
  }

  /**
   * The protocol of that name.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static CacheProtocol of(String label) {
    for (CacheProtocol protocol : values()) {
      if (protocol.label().equals(label)) {
        return protocol;
      }
    }
    throw new IllegalArgumentException("'" + label + "' is neither optimised nor reference-like");
  }
}
