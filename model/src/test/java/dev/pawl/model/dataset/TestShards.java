package dev.pawl.model.dataset;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;

/** Shards of random bytes with the published names. */
final class TestShards {
  private TestShards() {}

  /** Writes shards and returns what they are together. */
  static byte[] write(Path folder, String base, int count, int shardBytes, int lastBytes)
      throws IOException {
    byte[] whole = new byte[(count - 1) * shardBytes + lastBytes];
    new SplittableRandom(count).nextBytes(whole);
    for (int i = 0; i < count; i++) {
      int from = i * shardBytes;
      Files.write(
          folder.resolve("%s-%05d-of-%05d.bin".formatted(base, i, count - 1)),
          Arrays.copyOfRange(whole, from, Math.min(whole.length, from + shardBytes)));
    }
    return whole;
  }

  /** An index of 16-bit ids with a document for each length. */
  static void writeIndex(Path index, int... lengths) throws IOException {
    try (IndexSpool spool = new IndexSpool(index)) {
      for (int length : lengths) {
        spool.sequence(length);
        spool.endDocument();
      }
      Files.move(spool.write(TokenType.UINT16), index);
    }
  }
}
