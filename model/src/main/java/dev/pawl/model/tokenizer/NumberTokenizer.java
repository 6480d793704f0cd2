package dev.pawl.model.tokenizer;

import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import java.util.Arrays;
import java.util.StringTokenizer;
import java.util.stream.Collectors;

/** Reads ids that stand in the text as numbers (megatron.md 2.4, NullTokenizer). */
final class NumberTokenizer implements Tokenizer {
  private final int endOfText;

  /** Ids 0 to {@code size} - 1 are tokens, {@code size} ends a document. */
  NumberTokenizer(int size) {
    if (size < 1) {
      throw new PawlException(
          FailureCause.CONFIG, "a vocabulary has at least one token, not %d".formatted(size));
    }
    this.endOfText = size;
  }

  @Override
  public int[] encode(String text) {
    StringTokenizer words = new StringTokenizer(text);
    int[] ids = new int[words.countTokens()];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = id(words.nextToken());
    }
    return ids;
  }

  private int id(String word) {
    try {
      int id = Integer.parseInt(word);
      if (id >= 0 && id <= endOfText) {
        return id;
      }
    } catch (NumberFormatException e) {
      // Said below, with the same words as a number out of range.
    }
    throw new PawlException(
        FailureCause.DATA, "'%s' is no token id from 0 to %d".formatted(word, endOfText));
  }

  @Override
  public String decode(int[] ids) {
    return Arrays.stream(ids).mapToObj(Integer::toString).collect(Collectors.joining(" "));
  }

  @Override
  public int vocabularySize() {
    return endOfText + 1;
  }

  @Override
  public int endOfText() {
    return endOfText;
  }

  @Override
  public String digest() {
    return "numbers-1-" + endOfText;
  }

  @Override
  public void close() {}
}
