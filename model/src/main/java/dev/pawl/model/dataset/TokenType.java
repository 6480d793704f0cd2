package dev.pawl.model.dataset;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * Element types of a token file with their codes (megatron.md 1.2). Codes 6 and 7, floating point,
 * changed places between writers and are never tokens.
 */
public enum TokenType {
  UINT8(1, 1, 0, 0xff),
  INT8(2, 1, Byte.MIN_VALUE, Byte.MAX_VALUE),
  INT16(3, 2, Short.MIN_VALUE, Short.MAX_VALUE),
  INT32(4, 4, Integer.MIN_VALUE, Integer.MAX_VALUE),
  INT64(5, 8, Integer.MIN_VALUE, Integer.MAX_VALUE),
  UINT16(8, 2, 0, 0xffff);

  /** Vocabularies below this fit 16 bits by the writers' rule. */
  private static final int UINT16_VOCABULARY = 65_500;

  final int code;
  final int bytes;

  /** Binary logarithm of bytes: look-ups shift instead of dividing. */
  final int shift;

  final int lowest;
  final int highest;

  TokenType(int code, int bytes, int lowest, int highest) {
    this.code = code;
    this.bytes = bytes;
    this.shift = Integer.numberOfTrailingZeros(bytes);
    this.lowest = lowest;
    this.highest = highest;
  }

  /** The type that the writers choose: 16 bits below 65,500 ids, 32 bits from there on. */
  public static TokenType forVocabulary(int size) {
    return size < UINT16_VOCABULARY ? UINT16 : INT32;
  }

  /**
   * The type that the writers choose for a tokenizer: by its vocabulary without added tokens
   * (megatron.md 1.2). Where an added token would not fit 16 bits, which breaks the reference's
   * writer, it is 32 bits.
   *
   * @param baseSize tokens without added ones
   * @param size highest id + 1
   */
  public static TokenType forTokenizer(int baseSize, int size) {
    return size - 1 > UINT16.highest ? INT32 : forVocabulary(baseSize);
  }

  static Optional<TokenType> ofCode(int code) {
    return Arrays.stream(values()).filter(type -> type.code == code).findFirst();
  }

  /** Size of an element. */
  public int bytes() {
    return bytes;
  }

  /** Code in the index. */
  public int code() {
    return code;
  }

  /** Name as NumPy writes it, such as uint16. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The element at a byte offset of a little-endian buffer. */
  int get(ByteBuffer from, int at) {
    return switch (this) {
      case UINT8 -> from.get(at) & 0xff;
      case INT8 -> from.get(at);
      case INT16 -> from.getShort(at);
      case UINT16 -> from.getShort(at) & 0xffff;
      case INT32 -> from.getInt(at);
      case INT64 -> Math.toIntExact(from.getLong(at));
    };
  }

  /** Appends an element to a little-endian buffer. */
  void put(ByteBuffer to, int id) {
    switch (this) {
      case UINT8, INT8 -> to.put((byte) id);
      case INT16, UINT16 -> to.putShort((short) id);
      case INT32 -> to.putInt(id);
      case INT64 -> to.putLong(id);
    }
  }
}
