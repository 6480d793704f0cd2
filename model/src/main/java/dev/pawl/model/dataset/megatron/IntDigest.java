package dev.pawl.model.dataset.megatron;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 of numbers of 32 bits, little-endian. */
final class IntDigest {
  private static final int AT_ONCE = 1 << 16;

  private final MessageDigest digest;
  private final ByteBuffer buffer =
      ByteBuffer.allocate(AT_ONCE * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);

  IntDigest() {
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  void add(int value) {
    if (!buffer.hasRemaining()) {
      digest.update(buffer.flip());
      buffer.clear();
    }
    buffer.putInt(value);
  }

  /** The digest of all that was added; nothing may be added behind it. */
  String hex() {
    digest.update(buffer.flip());
    return HexFormat.of().formatHex(digest.digest());
  }
}
