package dev.pawl.model.tokenizer;

import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * BERT's word pieces out of {@code vocab.txt} (megatron.md 2.4). {@code [BOS]} and {@code [EOS]}
 * follow the vocabulary when it lacks them. No token ends a document. What is a mark, a punctuation
 * or a control character is decided by this Java's Unicode (17: Unicode 13).
 */
final class BertTokenizer implements Tokenizer {
  private static final int LONGEST_WORD = 200;

  private final BertWords words;
  private final Map<String, Integer> whole;
  private final Map<String, Integer> continued;
  private final List<String> tokens;
  private final int unknown;
  private final int longestToken;
  private final String digest;

  private BertTokenizer(BertWords words, List<String> tokens, String digest) {
    this.words = words;
    this.tokens = tokens;
    this.digest = digest;
    this.whole = new HashMap<>();
    this.continued = new HashMap<>();
    int longest = 0;
    for (int id = 0; id < tokens.size(); id++) {
      String token = tokens.get(id);
      whole.put(token, id);
      if (token.startsWith("##")) {
        continued.put(token.substring(2), id);
      }
      longest = Math.max(longest, token.length());
    }
    this.longestToken = longest;
    this.unknown = whole.get("[UNK]");
  }

  static BertTokenizer open(Path vocabulary, boolean lowerCase) {
    byte[] bytes = TokenizerFiles.read(vocabulary);
    List<String> tokens = new ArrayList<>();
    String text = new String(bytes, StandardCharsets.UTF_8);
    for (String line :
        (text.endsWith("\n") ? text.substring(0, text.length() - 1) : text).split("\n", -1)) {
      tokens.add(line.strip());
    }
    for (String needed : List.of("[UNK]", "[CLS]", "[SEP]", "[PAD]", "[MASK]")) {
      if (!tokens.contains(needed)) {
        throw TokenizerFiles.unusable(vocabulary, "has no token " + needed);
      }
    }
    for (String added : List.of("[BOS]", "[EOS]")) {
      if (!tokens.contains(added)) {
        tokens.add(added);
      }
    }
    String kind = lowerCase ? "bert-lower-1" : "bert-cased-1";
    return new BertTokenizer(new BertWords(lowerCase), tokens, TokenizerFiles.sha256(kind, bytes));
  }

  @Override
  public int[] encode(String text) {
    Ids out = new Ids();
    words.split(text, word -> pieces(word, out));
    return out.from(0);
  }

  private void pieces(String word, Ids out) {
    Integer known = whole.get(word);
    boolean hopeless =
        word.length() > LONGEST_WORD && word.codePointCount(0, word.length()) > LONGEST_WORD;
    if (known != null && !hopeless) {
      out.add(known);
      return;
    }
    Ids found = new Ids();
    for (int start = 0; start < word.length() && !hopeless; ) {
      Map<String, Integer> vocabulary = start == 0 ? whole : continued;
      Integer id = null;
      int end = Math.min(word.length(), start + longestToken);
      while (end > start && id == null) {
        id = vocabulary.get(word.substring(start, end));
        end -= id == null ? 1 : 0;
      }
      if (id == null) {
        hopeless = true;
      } else {
        found.add(id);
        start = end;
      }
    }
    if (hopeless) {
      out.add(unknown);
    } else {
      out.addAll(found.from(0));
    }
  }

  @Override
  public String decode(int[] ids) {
    StringBuilder text = new StringBuilder();
    for (int id : ids) {
      String token = tokens.get(id);
      if (token.startsWith("##")) {
        text.append(token, 2, token.length());
      } else {
        text.append(text.isEmpty() ? "" : " ").append(token);
      }
    }
    return text.toString();
  }

  @Override
  public int vocabularySize() {
    return tokens.size();
  }

  /** Always fails: word pieces have no such token. */
  @Override
  public int endOfText() {
    throw new PawlException(
        FailureCause.CONFIG,
        "BERT's word pieces have no token that ends a document; leave --append-eod out");
  }

  @Override
  public String digest() {
    return digest;
  }

  @Override
  public void close() {}
}
