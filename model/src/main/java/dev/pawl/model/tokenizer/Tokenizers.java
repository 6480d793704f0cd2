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
    return HuggingFaceFile.open(tokenizerJson, false, true);
  }

  /**
   * A Hugging Face {@code tokenizer.json} that adds the special tokens of its post-processor to
   * every text, as the reference's HFTokenizer does.
   */
  public static Tokenizer huggingFaceWithSpecialTokens(Path tokenizerJson) {
    return HuggingFaceFile.open(tokenizerJson, true, true);
  }

  /** A Hugging Face {@code tokenizer.json}, every text encoded by the library: to compare with. */
  public static Tokenizer huggingFaceLibrary(Path tokenizerJson) {
    return HuggingFaceFile.open(tokenizerJson, false, false);
  }

  /** GPT-2's byte-level BPE out of {@code vocab.json} and {@code merges.txt}. */
  public static Tokenizer gpt2(Path vocabulary, Path merges) {
    return Gpt2Tokenizer.open(vocabulary, merges);
  }

  /** BERT's word pieces out of {@code vocab.txt}; they have no token that ends a document. */
  public static Tokenizer bert(Path vocabulary, boolean lowerCase) {
    return BertTokenizer.open(vocabulary, lowerCase);
  }

  /** Ids from 0 to {@code size} written as numbers; {@code size} itself ends a document. */
  public static Tokenizer numbers(int size) {
    return new NumberTokenizer(size);
  }
}
