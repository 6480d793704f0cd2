package dev.pawl.model.tokenizer;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;

/**
 * GPT-2's tokenizer out of {@code vocab.json} and {@code merges.txt} (megatron.md 2.4). The text
 * {@code <|endoftext|>} is not special in a document. Every merge counts, the last one too when no
 * newline follows it; a merge whose product has no id is refused, so that no piece is unknown.
 * Letters and numbers are those of this Java's Unicode (17: Unicode 13).
 */
final class Gpt2Tokenizer implements Tokenizer {
  private static final String END_OF_TEXT = "<|endoftext|>";

  private final BytePairEncoder encoder;
  private final String[] tokens;
  private final int endOfText;
  private final String digest;

  private Gpt2Tokenizer(BytePairEncoder encoder, String[] tokens, int endOfText, String digest) {
    this.encoder = encoder;
    this.tokens = tokens;
    this.endOfText = endOfText;
    this.digest = digest;
  }

  static Gpt2Tokenizer open(Path vocabulary, Path merges) {
    byte[] vocabularyBytes = TokenizerFiles.read(vocabulary);
    byte[] mergesBytes = TokenizerFiles.read(merges);
    Map<String, Integer> ids = vocabulary(vocabulary, vocabularyBytes);
    Integer endOfText = ids.get(END_OF_TEXT);
    if (endOfText == null) {
      throw TokenizerFiles.unusable(vocabulary, "has no token " + END_OF_TEXT);
    }
    int highest = ids.values().stream().mapToInt(Integer::intValue).max().orElseThrow();
    String[] tokens = new String[highest + 1];
    ids.forEach((token, id) -> tokens[id] = token);
    String[] lines = new String(mergesBytes, StandardCharsets.UTF_8).split("\r?\n", -1);
    try {
      BytePairs pairs = BytePairFiles.pairs(ids, lines);
      return new Gpt2Tokenizer(
          new BytePairEncoder(pairs),
          tokens,
          endOfText,
          TokenizerFiles.sha256("gpt2-1", vocabularyBytes, mergesBytes));
    } catch (IllegalArgumentException e) {
      throw TokenizerFiles.unusable(merges, e.getMessage());
    }
  }

  private static Map<String, Integer> vocabulary(Path file, byte[] bytes) {
    try {
      Map<String, Integer> ids =
          new ObjectMapper().readValue(bytes, new TypeReference<Map<String, Integer>>() {});
      if (ids == null
          || ids.isEmpty()
          || ids.values().stream().anyMatch(id -> id == null || id < 0)) {
        throw TokenizerFiles.unusable(file, "gives no id, or a negative one, to a token");
      }
      return ids;
    } catch (IOException e) {
      throw new PawlException(
          FailureCause.DATA,
          "%s is no JSON object of token ids: %s; the vocab.json of a GPT-2 tokenizer is needed"
              .formatted(file, e.getMessage()),
          e);
    }
  }

  @Override
  public int[] encode(String text) {
    return encoder.encode(text.toCharArray(), AddedTokens.NONE);
  }

  @Override
  public String decode(int[] ids) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int id : ids) {
      String token = tokens[id];
      for (int i = 0; token != null && i < token.length(); i++) {
        bytes.write(ByteAlphabet.value(token.charAt(i)));
      }
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }

  @Override
  public int vocabularySize() {
    return tokens.length;
  }

  @Override
  public int endOfText() {
    return endOfText;
  }

  @Override
  public String digest() {
    return digest;
  }

  @Override
  public void close() {}
}
