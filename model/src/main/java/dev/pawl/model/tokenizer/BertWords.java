package dev.pawl.model.tokenizer;

import java.text.Normalizer;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * Cuts text into BERT's words (megatron.md 2.4): control characters dropped, ideographs and
 * punctuation marks alone, lower case without accents where asked for.
 */
final class BertWords {
  private final boolean lowerCase;

  BertWords(boolean lowerCase) {
    this.lowerCase = lowerCase;
  }

  void split(String text, Consumer<String> words) {
    StringBuilder word = new StringBuilder();
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      i += Character.charCount(c);
      if (space(c)) {
        end(word, words);
      } else if (ideograph(c)) {
        end(word, words);
        word.appendCodePoint(c);
        end(word, words);
      } else if (!dropped(c)) {
        word.appendCodePoint(c);
      }
    }
    end(word, words);
  }

  private void end(StringBuilder collected, Consumer<String> words) {
    if (collected.isEmpty()) {
      return;
    }
    String word = collected.toString();
    collected.setLength(0);
    if (lowerCase) {
      word = withoutMarks(Normalizer.normalize(word.toLowerCase(Locale.ROOT), Normalizer.Form.NFD));
    }
    int start = 0;
    for (int i = 0; i < word.length(); ) {
      int c = word.codePointAt(i);
      int next = i + Character.charCount(c);
      if (punctuation(c)) {
        if (start < i) {
          words.accept(word.substring(start, i));
        }
        words.accept(word.substring(i, next));
        start = next;
      }
      i = next;
    }
    if (start < word.length()) {
      words.accept(word.substring(start));
    }
  }

  private static String withoutMarks(String word) {
    StringBuilder kept = new StringBuilder(word.length());
    word.codePoints()
        .filter(c -> Character.getType(c) != Character.NON_SPACING_MARK)
        .forEach(kept::appendCodePoint);
    return kept.toString();
  }

  private static boolean space(int c) {
    return c == ' '
        || c == '\t'
        || c == '\n'
        || c == '\r'
        || Character.getType(c) == Character.SPACE_SEPARATOR
        || c == 0x2028
        || c == 0x2029;
  }

  private static boolean dropped(int c) {
    int type = Character.getType(c);
    return c == 0xfffd || type == Character.CONTROL || type == Character.FORMAT;
  }

  private static boolean ideograph(int c) {
    return (c >= 0x4E00 && c <= 0x9FFF)
        || (c >= 0x3400 && c <= 0x4DBF)
        || (c >= 0x20000 && c <= 0x2A6DF)
        || (c >= 0x2A700 && c <= 0x2B73F)
        || (c >= 0x2B740 && c <= 0x2B81F)
        || (c >= 0x2B820 && c <= 0x2CEAF)
        || (c >= 0xF900 && c <= 0xFAFF)
        || (c >= 0x2F800 && c <= 0x2FA1F);
  }

  private static boolean punctuation(int c) {
    if ((c >= 33 && c <= 47)
        || (c >= 58 && c <= 64)
        || (c >= 91 && c <= 96)
        || (c >= 123 && c <= 126)) {
      return true;
    }
    return switch (Character.getType(c)) {
      case Character.CONNECTOR_PUNCTUATION,
          Character.DASH_PUNCTUATION,
          Character.START_PUNCTUATION,
          Character.END_PUNCTUATION,
          Character.INITIAL_QUOTE_PUNCTUATION,
          Character.FINAL_QUOTE_PUNCTUATION,
          Character.OTHER_PUNCTUATION ->
          true;
      default -> false;
    };
  }
}
