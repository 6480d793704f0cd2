package dev.pawl.model.evaluation;

import java.io.IOException;
import java.util.List;

/** Where the answers of one task outlive a failure. */
public interface AnswerStore {
  /** The answers stored so far, in any order. */
  List<Answer> stored() throws IOException;

  /** Stores answers, all or none; when this returns they are safe. */
  void add(List<Answer> answers) throws IOException;
}
