package dev.pawl.model.evaluation;

import java.util.List;

/** Scores continuations, in the order given. */
public interface Scorer {
  List<Score> score(List<Request> requests);
}
