package dev.pawl.model.tokenizer;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;

/** A tokenizer out of a Hugging Face {@code tokenizer.json}, truncation and padding off. */
final class HuggingFaceFile implements Tokenizer {
  /** Longer texts are encoded in pieces, so that memory stays bounded. */
  private static final int PIECE_CHARACTERS = 1 << 18;

  private static final ObjectMapper JSON = new ObjectMapper();

  private final HuggingFaceTokenizer tokenizer;
  private final int vocabularySize;
  private final int endOfText;
  private final String digest;

  private HuggingFaceFile(
      HuggingFaceTokenizer tokenizer, int vocabularySize, int endOfText, String digest) {
    this.tokenizer = tokenizer;
    this.vocabularySize = vocabularySize;
    this.endOfText = endOfText;
    this.digest = digest;
  }

  static HuggingFaceFile open(Path file) {
    try {
      byte[] bytes = Files.readAllBytes(file);
      JsonNode json = JSON.readTree(bytes);
      int highest = -1;
      int endOfText = -1;
      for (Map.Entry<String, JsonNode> entry : json.path("model").path("vocab").properties()) {
        highest = Math.max(highest, entry.getValue().asInt());
      }
      for (JsonNode added : json.path("added_tokens")) {
        int id = added.path("id").asInt();
        highest = Math.max(highest, id);
        String content = added.path("content").asText();
        if (content.equals("<|endoftext|>") || (content.equals("</s>") && endOfText < 0)) {
          endOfText = id;
        }
      }
      if (endOfText < 0) {
        throw new PawlException(
            FailureCause.DATA,
            "tokenizer %s has no added token <|endoftext|> or </s>: documents could not be ended"
                .formatted(file));
      }
      HuggingFaceTokenizer tokenizer =
          HuggingFaceTokenizer.newInstance(
              new ByteArrayInputStream(bytes),
              Map.of("truncation", "false", "padding", "false", "addSpecialTokens", "false"));
      return new HuggingFaceFile(tokenizer, highest + 1, endOfText, sha256(bytes));
    } catch (IOException | RuntimeException e) {
      if (e instanceof PawlException known) {
        throw known;
      }
      throw new PawlException(
          FailureCause.DATA,
          "tokenizer %s cannot be read: %s. A Hugging Face tokenizer.json is needed"
              .formatted(file, e.getMessage()),
          e);
    }
  }

  @Override
  public int[] encode(String text) {
    int[] ids = new int[0];
    int length = 0;
    for (int start = 0; start < text.length(); ) {
      int end = pieceEnd(text, start);
      long[] piece = tokenizer.encode(text.substring(start, end), false, false).getIds();
      if (length + piece.length > ids.length) {
        int wanted = end == text.length() ? 0 : ids.length;
        ids = java.util.Arrays.copyOf(ids, length + piece.length + wanted);
      }
      for (long id : piece) {
        ids[length++] = (int) id;
      }
      start = end;
    }
    return java.util.Arrays.copyOf(ids, length);
  }

  // A single newline between two visible characters is a token of its own whatever stands around
  // it, so cutting behind it changes no id.
  private static int pieceEnd(String text, int start) {
    if (text.length() - start <= PIECE_CHARACTERS) {
      return text.length();
    }
    for (int i = start + PIECE_CHARACTERS; i < text.length() - 1; i++) {
      if (text.charAt(i) == '\n'
          && !Character.isWhitespace(text.charAt(i - 1))
          && !Character.isWhitespace(text.charAt(i + 1))) {
        return i + 1;
      }
    }
    return text.length();
  }

  @Override
  public String decode(int[] ids) {
    long[] wide = new long[ids.length];
    for (int i = 0; i < ids.length; i++) {
      wide[i] = ids[i];
    }
    return tokenizer.decode(wide, false);
  }

  @Override
  public int vocabularySize() {
    return vocabularySize;
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
  public void close() {
    tokenizer.close();
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
