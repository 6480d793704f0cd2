package dev.pawl.model.evaluation;

import dev.pawl.model.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Texts to requests (block-transformer.md 6.2, megatron.md 6). */
final class Encoding {
  private Encoding() {}

  /** Trailing spaces of the context move to the continuation; the pair is encoded as one text. */
  static Request pair(String context, String continuation, Tokenizer tokenizer) {
    String stripped = PythonText.stripEnd(context);
    String moved = context.substring(stripped.length()) + continuation;
    int[] whole = tokenizer.encode(stripped + moved);
    int[] before = tokenizer.encode(stripped);
    int[] rest = Arrays.copyOfRange(whole, Math.min(before.length, whole.length), whole.length);
    return new Request(before.length == 0 ? new int[] {tokenizer.endOfText()} : before, rest);
  }

  /** The last token of a text after all others. */
  static Request lastToken(String text, Tokenizer tokenizer) {
    int[] ids = tokenizer.encode(text);
    int last = Math.max(0, ids.length - 1);
    return new Request(Arrays.copyOf(ids, last), Arrays.copyOfRange(ids, last, ids.length));
  }

  /** The last word, encoded with a space before it, after the text before it, encoded alone. */
  static Request lastWord(String text, Tokenizer tokenizer) {
    List<String> words = PythonText.pieces(PythonText.strip(text));
    String word = words.get(words.size() - 1);
    String before = PythonText.strip(text.substring(0, text.lastIndexOf(word)));
    return new Request(tokenizer.encode(before), tokenizer.encode(" " + word));
  }

  /**
   * Windows that predict each token of a document once: the first after the token that ends a text,
   * a short last one with as much left context as fits.
   *
   * @param length tokens that the model reads at a time
   */
  static List<Request> rolling(int[] ids, int endOfText, int length) {
    List<Request> windows = new ArrayList<>();
    int first = Math.min(length, ids.length);
    windows.add(new Request(new int[] {endOfText}, Arrays.copyOf(ids, first)));
    for (int predicted = first; predicted < ids.length; ) {
      int end = Math.min(predicted + length, ids.length);
      windows.add(
          new Request(
              Arrays.copyOfRange(ids, end - length - 1, predicted),
              Arrays.copyOfRange(ids, predicted, end)));
      predicted = end;
    }
    return windows;
  }

  /**
   * Megatron's overlapping windows of {@code length} targets each: the first predicts all of its
   * own, a later one its last {@code overlap}; each token but the first is predicted once.
   */
  static List<Request> windows(int[] ids, int length, int overlap) {
    List<Request> windows = new ArrayList<>();
    int targets = ids.length - 1;
    int first = Math.min(length, targets);
    windows.add(new Request(Arrays.copyOf(ids, 1), Arrays.copyOfRange(ids, 1, first + 1)));
    for (int start = overlap; start + length - overlap < targets; start += overlap) {
      int from = start + length - overlap + 1;
      int end = Math.min(start + length, targets) + 1;
      windows.add(
          new Request(Arrays.copyOfRange(ids, start, from), Arrays.copyOfRange(ids, from, end)));
    }
    return windows;
  }
}
