package dev.pawl.model.tokenizer;

/** Turns text into token ids and back; adds no special tokens. Thread-safe. */
public interface Tokenizer extends AutoCloseable {
  /** Ids of a text, however long. */
  int[] encode(String text);

  /** Text of ids; special tokens are kept. */
  String decode(int[] ids);

  /** Highest id + 1. */
  int vocabularySize();

  /** Number of tokens without those that were added to the vocabulary later. */
  default int baseVocabularySize() {
    return vocabularySize();
  }

  /**
   * The token that ends a document.
   *
   * @throws dev.pawl.model.failure.PawlException CONFIG when the tokenizer has none
   */
  int endOfText();

  /** SHA-256 of all that determines the ids. */
  String digest();

  @Override
  void close();
}
