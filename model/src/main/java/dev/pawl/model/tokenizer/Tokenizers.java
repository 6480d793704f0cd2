package dev.pawl.model.tokenizer;

import java.nio.file.Path;

/** Opens tokenizers. */
public final class Tokenizers {
  private Tokenizers() {}

  /** The 256 bytes of UTF-8, shifted by one, and end-of-text as id 0. */
  public static Tokenizer bytes() {
    return new ByteTokenizer();
  }

  /**
   * A Hugging Face {@code tokenizer.json}.
   *
   * @throws dev.pawl.model.failure.PawlException DATA when it cannot be read or has no end-of-text
   */
  public static Tokenizer huggingFace(Path tokenizerJson) {
    return HuggingFaceFile.open(tokenizerJson);
  }
}
