package dev.pawl.cli;

/** Kinds of tokenizers by Megatron's names, and {@code bytes}. */
enum TokenizerKind {
  GPT2_BPE("GPT2BPETokenizer"),
  HUGGING_FACE("HFTokenizer"),
  BERT_LOWER_CASE("BertWordPieceLowerCase"),
  BERT_CASE("BertWordPieceCase"),
  NUMBERS("NullTokenizer"),
  BYTES("bytes");

  private final String id;

  TokenizerKind(String id) {
    this.id = id;
  }

  @Override
  public String toString() {
    return id;
  }
}
