package dev.pawl.model.dataset;

/** Element types of a token file with their codes (megatron.md 1.2). */
enum TokenType {
  UINT8(1, 1),
  INT8(2, 1),
  INT16(3, 2),
  INT32(4, 4),
  INT64(5, 8),
  UINT16(8, 2);

  /** Vocabularies below this fit 16 bits by the writers' rule. */
  private static final int UINT16_VOCABULARY = 65_500;

  final int code;
  final int bytes;

  TokenType(int code, int bytes) {
    this.code = code;
    this.bytes = bytes;
  }

  static TokenType forVocabulary(int size) {
    return size < UINT16_VOCABULARY ? UINT16 : INT32;
  }
}
