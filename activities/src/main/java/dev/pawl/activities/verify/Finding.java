package dev.pawl.activities.verify;

/**
 * The answer to one question about one stage.
 *
 * @param stage id of the stage's kind, or its label where it is one of several parts; {@code run}
 *     for what is about the whole run
 * @param subject what was looked at
 * @param verdict the answer
 * @param compared how many things were compared
 * @param text what was confirmed, or what is wrong and where
 */
public record Finding(String stage, String subject, Verdict verdict, long compared, String text) {

  static Finding good(String stage, String subject, long compared, String shown) {
    return new Finding(stage, subject, Verdict.OK, compared, shown);
  }

  static Finding inexact(String stage, String subject, String why) {
    return new Finding(stage, subject, Verdict.INEXACT, 0, why);
  }

  static Finding bad(String stage, String subject, String problem) {
    return new Finding(stage, subject, Verdict.WRONG, 0, problem);
  }

  /** The same under another name of the stage. */
  Finding of(String label) {
    return new Finding(label, subject, verdict, compared, text);
  }
}
