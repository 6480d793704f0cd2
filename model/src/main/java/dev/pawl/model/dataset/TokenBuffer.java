package dev.pawl.model.dataset;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Token ids in direct memory as the runtime takes them over: 16 bits without sign where every id
 * fits, else 32 bits; little-endian. A run of a token file of the same type goes in as a plain
 * copy. Not thread-safe.
 */
public final class TokenBuffer {
  private final TokenType type;
  private final ByteBuffer bytes;

  /**
   * A buffer of zeros.
   *
   * @param type UINT16 or INT32
   * @param tokens number of ids
   */
  public TokenBuffer(TokenType type, int tokens) {
    if (type != TokenType.UINT16 && type != TokenType.INT32) {
      throw new IllegalArgumentException("a buffer of " + type.id() + "; uint16 and int32 are");
    }
    this.type = type;
    int size = Math.multiplyExact(tokens, type.bytes);
    bytes = ByteBuffer.allocateDirect(size).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** The type of buffer that holds all ids of a type. */
  static TokenType typeFor(TokenType ids) {
    return ids.lowest >= 0 && ids.highest <= TokenType.UINT16.highest
        ? TokenType.UINT16
        : TokenType.INT32;
  }

  /** UINT16 or INT32. */
  public TokenType type() {
    return type;
  }

  /** Number of ids. */
  public int size() {
    return bytes.capacity() / type.bytes;
  }

  /** The id at a place. */
  public int get(int at) {
    return type.get(bytes, at * type.bytes);
  }

  /** Reads the ids from a place on. */
  public void get(int at, int[] destination, int count) {
    for (int i = 0; i < count; i++) {
      destination[i] = get(at + i);
    }
  }

  /** Writes an id, which must fit the type. */
  public void put(int at, int id) {
    if (id < type.lowest || id > type.highest) {
      throw new IllegalArgumentException("id %d in a buffer of %s".formatted(id, type.id()));
    }
    if (type == TokenType.UINT16) {
      bytes.putShort(2 * at, (short) id);
    } else {
      bytes.putInt(4 * at, id);
    }
  }

  /** Writes the first ids of an array. */
  public void put(int at, int[] ids, int count) {
    for (int i = 0; i < count; i++) {
      put(at + i, ids[i]);
    }
  }

  /** Writes zeros. */
  void clear(int at, int count) {
    for (int i = 0; i < count; i++) {
      put(at + i, 0);
    }
  }

  /**
   * Writes ids from a token file.
   *
   * @param source little-endian
   * @param offset of the first id, in bytes
   */
  void put(int at, ByteBuffer source, TokenType sourceType, int offset, int count) {
    if (sourceType == type) {
      bytes.put(at * type.bytes, source, offset, count * type.bytes);
      return;
    }
    for (int i = 0; i < count; i++) {
      put(at + i, sourceType.get(source, offset + i * sourceType.bytes));
    }
  }

  /** All ids, as they lie; shared with this buffer. */
  public ByteBuffer bytes() {
    return bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN);
  }
}
