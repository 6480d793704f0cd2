package dev.pawl.model.tokenizer;

import java.util.Map;

/** Reads the merges of a byte-level BPE. */
final class BytePairFiles {
  private BytePairFiles() {}

  /**
   * Builds the merges.
   *
   * @param ids ids of tokens, written in the alphabet of bytes
   * @param merges lines of two tokens and a space between; a first line {@code #version} and empty
   *     lines are passed over
   * @throws IllegalArgumentException that names line and reason
   */
  static BytePairs pairs(Map<String, Integer> ids, String[] merges) {
    int[] byteIds = new int[256];
    for (int b = 0; b < 256; b++) {
      Integer id = ids.get(String.valueOf(ByteAlphabet.character(b)));
      // These bytes stand in no UTF-8, so published vocabularies may lack them.
      boolean impossible = b == 0xc0 || b == 0xc1 || b >= 0xf5;
      if (id == null && !impossible) {
        throw new IllegalArgumentException("goes with a vocabulary without a token for byte " + b);
      }
      byteIds[b] = id == null ? -1 : id;
    }
    int[] table = new int[3 * merges.length];
    int size = 0;
    for (int line = 0; line < merges.length; line++) {
      String merge = merges[line];
      if (merge.isEmpty() || (line == 0 && merge.startsWith("#version"))) {
        continue;
      }
      int space = merge.indexOf(' ');
      if (space <= 0 || space == merge.length() - 1 || merge.indexOf(' ', space + 1) >= 0) {
        throw new IllegalArgumentException(
            "has no two tokens with one space between in line %d: '%s'".formatted(line + 1, merge));
      }
      Integer left = ids.get(merge.substring(0, space));
      Integer right = ids.get(merge.substring(space + 1));
      Integer product = ids.get(merge.substring(0, space) + merge.substring(space + 1));
      if (left == null || right == null || product == null) {
        throw new IllegalArgumentException(
            "merges '%s' in line %d, but the vocabulary lacks a part or the product"
                .formatted(merge, line + 1));
      }
      table[size++] = left;
      table[size++] = right;
      table[size++] = product;
    }
    return new BytePairs(byteIds, java.util.Arrays.copyOf(table, size));
  }
}
