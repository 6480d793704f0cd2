package dev.pawl.model.tokenizer;

import java.util.Arrays;

/**
 * The visible characters that stand for the 256 bytes in the files of a byte-level BPE: printable
 * Latin-1 stands for itself, the rest follows from U+0100 on.
 */
final class ByteAlphabet {
  private static final char[] CHARACTERS = characters();
  private static final int[] BYTES = bytes();

  private ByteAlphabet() {}

  /** The character of a byte, 0 to 255. */
  static char character(int value) {
    return CHARACTERS[value];
  }

  /** The byte of a character; -1 when it stands for none. */
  static int value(char character) {
    return character < BYTES.length ? BYTES[character] : -1;
  }

  private static char[] characters() {
    char[] characters = new char[256];
    char next = 256;
    for (int b = 0; b < 256; b++) {
      boolean visible = (b >= '!' && b <= '~') || (b >= 0xa1 && b <= 0xac) || b >= 0xae;
      characters[b] = visible ? (char) b : next++;
    }
    return characters;
  }

  private static int[] bytes() {
    int[] bytes = new int[512];
    Arrays.fill(bytes, -1);
    for (int b = 0; b < 256; b++) {
      bytes[CHARACTERS[b]] = b;
    }
    return bytes;
  }
}
