package dev.pawl.activities.verify;

import java.util.Optional;

/**
 * The answer to one question about one stage.
 *
 * @param stage id of the stage's kind, or its label where it is one of several parts
 * @param subject what was looked at
 * @param shown the digest or number that was confirmed
 * @param problem what is wrong and where; empty when nothing is
 */
public record Finding(String stage, String subject, String shown, Optional<String> problem) {

  static Finding good(String stage, String subject, String shown) {
    return new Finding(stage, subject, shown, Optional.empty());
  }

  static Finding bad(String stage, String subject, String problem) {
    return new Finding(stage, subject, "", Optional.of(problem));
  }

  /** The same under another name of the stage. */
  Finding of(String label) {
    return new Finding(label, subject, shown, problem);
  }
}
