package dev.pawl.model.evaluation;

/** Hears how an evaluation goes on. */
@FunctionalInterface
public interface EvaluationListener {
  /**
   * More documents have answers that are stored. May throw to stop.
   *
   * @param done of all, those of earlier attempts included
   */
  void documents(String task, int done, int total);
}
