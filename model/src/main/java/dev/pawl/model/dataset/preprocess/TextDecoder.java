package dev.pawl.model.dataset.preprocess;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** Makes text of UTF-8 strictly, in one buffer that it keeps. Not thread-safe. */
final class TextDecoder {
  private final CharsetDecoder decoder =
      StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT);
  private CharBuffer characters = CharBuffer.allocate(1 << 16);

  /**
   * The characters of some bytes, from the beginning of the buffer's array to its limit; they last
   * until the next call.
   *
   * @throws NotUtf8Exception with the place of the first wrong byte, counted from {@code from}
   */
  CharBuffer decode(byte[] bytes, int from, int length) throws NotUtf8Exception {
    if (characters.capacity() < length) {
      long wanted = Math.max(length, 2L * characters.capacity());
      characters = CharBuffer.allocate((int) Math.min(Integer.MAX_VALUE - 8, wanted));
    }
    characters.clear();
    decoder.reset();
    ByteBuffer source = ByteBuffer.wrap(bytes, from, length);
    CoderResult result = decoder.decode(source, characters, true);
    if (result.isError()) {
      throw new NotUtf8Exception(source.position() - from);
    }
    return characters.flip();
  }
}
