package dev.pawl.cli.report;

/**
 * A cell of a table.
 *
 * @param text what is seen
 * @param more what is seen small behind it, such as a standard error; may be empty
 * @param best whether it is the best of its column
 * @param code whether it is to be set as program text
 * @param whole the unabridged text where what is seen is a part of it; may be empty
 */
public record Cell(String text, String more, boolean best, boolean code, String whole) {
  static final Cell EMPTY = of("");

  static Cell of(String text) {
    return new Cell(text, "", false, false, "");
  }

  static Cell code(String text) {
    return new Cell(text, "", false, true, "");
  }

  /** The first digits of a hash; all of them on asking. */
  static Cell digest(String hash) {
    return hash.length() <= Words.DIGEST
        ? code(hash)
        : new Cell(hash.substring(0, Words.DIGEST), "", false, true, hash);
  }

  Cell with(String detail) {
    return new Cell(text, detail, best, code, whole);
  }

  Cell best(boolean isBest) {
    return new Cell(text, more, isBest, code, whole);
  }
}
