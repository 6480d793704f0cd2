package dev.pawl.model.tokenizer;

/**
 * Cuts text into the pieces of GPT-2's byte-level BPE (megatron.md 2.4): contractions; letters,
 * numbers or other marks with at most one space before them; white space, whose last character is
 * left to what follows.
 */
final class PieceScanner {
  private static final byte OTHER = 0;
  private static final byte LETTER = 1;
  private static final byte NUMBER = 2;
  private static final byte SPACE = 3;
  private static final byte[] KINDS = kinds();

  private PieceScanner() {}

  /** End of the piece that begins at {@code start}; nothing from {@code limit} on is looked at. */
  static int end(char[] text, int start, int limit) {
    char first = text[start];
    if (first == '\'') {
      int end = contraction(text, start, limit);
      if (end > 0) {
        return end;
      }
    }
    int kind = kind(text, start, limit);
    if (kind != SPACE) {
      return runEnd(text, start, limit, kind);
    }
    if (first == ' ' && start + 1 < limit) {
      int next = kind(text, start + 1, limit);
      if (next != SPACE) {
        return runEnd(text, start + 1, limit, next);
      }
    }
    int end = runEnd(text, start, limit, SPACE);
    return end == limit || end == start + 1 ? end : end - 1;
  }

  private static int contraction(char[] text, int start, int limit) {
    if (start + 1 >= limit) {
      return -1;
    }
    char second = text[start + 1];
    if (second == 's' || second == 't' || second == 'm' || second == 'd') {
      return start + 2;
    }
    if (start + 2 >= limit) {
      return -1;
    }
    char third = text[start + 2];
    boolean two =
        (third == 'e' && (second == 'r' || second == 'v')) || (third == 'l' && second == 'l');
    return two ? start + 3 : -1;
  }

  private static int runEnd(char[] text, int start, int limit, int kind) {
    int i = start;
    while (i < limit && kind(text, i, limit) == kind) {
      i += width(text, i, limit);
    }
    return i;
  }

  private static int kind(char[] text, int at, int limit) {
    return width(text, at, limit) == 1
        ? KINDS[text[at]]
        : kindOf(Character.toCodePoint(text[at], text[at + 1]));
  }

  private static int width(char[] text, int at, int limit) {
    boolean pair =
        Character.isHighSurrogate(text[at])
            && at + 1 < limit
            && Character.isLowSurrogate(text[at + 1]);
    return pair ? 2 : 1;
  }

  private static byte[] kinds() {
    byte[] kinds = new byte[1 << 16];
    for (int c = 0; c < kinds.length; c++) {
      kinds[c] = kindOf(c);
    }
    return kinds;
  }

  private static byte kindOf(int codePoint) {
    if (Character.isLetter(codePoint)) {
      return LETTER;
    }
    return switch (Character.getType(codePoint)) {
      case Character.DECIMAL_DIGIT_NUMBER, Character.LETTER_NUMBER, Character.OTHER_NUMBER ->
          NUMBER;
      case Character.SPACE_SEPARATOR, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR ->
          SPACE;
      // White_Space outside the separators; U+001C to U+001F are not in it.
      default -> (codePoint >= 9 && codePoint <= 13) || codePoint == 0x85 ? SPACE : OTHER;
    };
  }
}
