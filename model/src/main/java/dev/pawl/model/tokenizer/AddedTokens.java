package dev.pawl.model.tokenizer;

import java.util.List;

/** Tokens that are found in the text before anything else; the longest of a place wins. */
final class AddedTokens {
  static final AddedTokens NONE = new AddedTokens(List.of());

  private final char[][] contents;
  private final int[] ids;
  private final boolean[] begins = new boolean[1 << 16];

  /** One token. */
  record Token(String content, int id) {}

  AddedTokens(List<Token> tokens) {
    List<Token> longestFirst =
        tokens.stream()
            .sorted((a, b) -> Integer.compare(b.content().length(), a.content().length()))
            .toList();
    contents =
        longestFirst.stream().map(token -> token.content().toCharArray()).toArray(char[][]::new);
    ids = longestFirst.stream().mapToInt(Token::id).toArray();
    for (char[] content : contents) {
      begins[content[0]] = true;
    }
  }

  boolean isEmpty() {
    return ids.length == 0;
  }

  /** Number of the longest token at a place; -1 when none begins there. */
  int longest(char[] text, int at) {
    if (!begins[text[at]]) {
      return -1;
    }
    for (int i = 0; i < contents.length; i++) {
      if (stands(contents[i], text, at)) {
        return i;
      }
    }
    return -1;
  }

  int id(int number) {
    return ids[number];
  }

  int length(int number) {
    return contents[number].length;
  }

  private static boolean stands(char[] content, char[] text, int at) {
    if (at + content.length > text.length) {
      return false;
    }
    for (int k = 0; k < content.length; k++) {
      if (text[at + k] != content[k]) {
        return false;
      }
    }
    return true;
  }
}
