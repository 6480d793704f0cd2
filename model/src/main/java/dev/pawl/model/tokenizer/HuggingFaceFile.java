package dev.pawl.model.tokenizer;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** A tokenizer out of a Hugging Face {@code tokenizer.json}, truncation and padding off. */
final class HuggingFaceFile implements Tokenizer {
  /** Longer texts are encoded in pieces, so that memory stays bounded. */
  private static final int PIECE_CHARACTERS = 1 << 18;

  private static final ObjectMapper JSON = new ObjectMapper();

  private final HuggingFaceTokenizer tokenizer;
  private final Optional<PlainBytePairs> plain;
  private final boolean specialTokens;
  private final int vocabularySize;
  private final int baseVocabularySize;
  private final int endOfText;
  private final String digest;

  private HuggingFaceFile(
      HuggingFaceTokenizer tokenizer,
      Optional<PlainBytePairs> plain,
      boolean specialTokens,
      int vocabularySize,
      int baseVocabularySize,
      int endOfText,
      String digest) {
    this.tokenizer = tokenizer;
    this.plain = plain;
    this.specialTokens = specialTokens;
    this.vocabularySize = vocabularySize;
    this.baseVocabularySize = baseVocabularySize;
    this.endOfText = endOfText;
    this.digest = digest;
  }

  /**
   * Opens a file.
   *
   * @param specialTokens whether encoding adds what the file's post-processor adds
   * @param fast whether files and texts that {@link PlainBytePairs} knows are encoded there
   */
  static HuggingFaceFile open(Path file, boolean specialTokens, boolean fast) {
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
      String adds = json.path("post_processor").path("type").asText("ByteLevel");
      boolean addsSome = specialTokens && !adds.equals("ByteLevel");
      return new HuggingFaceFile(
          tokenizer,
          fast && !addsSome ? PlainBytePairs.of(json) : Optional.empty(),
          addsSome,
          highest + 1,
          json.path("model").path("vocab").size(),
          endOfText,
          TokenizerFiles.sha256(bytes));
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
    return plain.flatMap(here -> here.encode(text)).orElseGet(() -> encodeInLibrary(text));
  }

  private int[] encodeInLibrary(String text) {
    if (specialTokens) {
      // What is added belongs to the whole text, so it cannot be cut.
      Ids whole = new Ids();
      encodePiece(text, whole);
      return whole.from(0);
    }
    Ids ids = new Ids();
    for (int start = 0; start < text.length(); ) {
      int end = pieceEnd(text, start);
      encodePiece(text.substring(start, end), ids);
      start = end;
    }
    return ids.from(0);
  }

  // The library's own encode() also copies tokens, spans and masks out, which takes twice as long.
  private void encodePiece(String piece, Ids out) {
    long encoding = TokenizersLibrary.LIB.encode(tokenizer.getHandle(), piece, specialTokens);
    try {
      for (long id : TokenizersLibrary.LIB.getTokenIds(encoding)) {
        out.add((int) id);
      }
    } finally {
      TokenizersLibrary.LIB.deleteEncoding(encoding);
    }
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
  public int baseVocabularySize() {
    return baseVocabularySize;
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
}
