package dev.pawl.model.generation;

/** Hears of tokens as they are generated. */
@FunctionalInterface
public interface GenerationListener {
  /** Hears nothing. */
  GenerationListener SILENT = (sequence, tokens) -> {};

  /**
   * Called after each step for each sequence that goes on in it. May throw, which ends the
   * generation.
   *
   * @param sequence its number
   * @param tokens new ones, the end of text among them
   */
  void made(long sequence, long[] tokens);
}
