package dev.pawl.experiments;

/** The kinds of tokenizer. */
public enum TokenizerType {
  /** The word tokenizer that comes with the built-in corpus. */
  STORIES,
  /** The bytes of UTF-8. */
  BYTES,
  /** A Hugging Face tokenizer.json. */
  HUGGINGFACE
}
