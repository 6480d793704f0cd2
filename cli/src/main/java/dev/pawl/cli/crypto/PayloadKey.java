package dev.pawl.cli.crypto;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/** A key of AES-256, known by a digest of it. */
final class PayloadKey {
  /** Of a key. */
  static final int BYTES = 32;

  private static final int ID_DIGITS = 16;

  private final String id;
  private final SecretKey key;

  PayloadKey(byte[] secret) {
    if (secret.length != BYTES) {
      throw new IllegalArgumentException("a key has 32 bytes");
    }
    byte[] copy = Arrays.copyOf(secret, BYTES);
    key = new SecretKeySpec(copy, "AES");
    id = HexFormat.of().formatHex(digest(copy)).substring(0, ID_DIGITS);
  }

  // Not that of the key alone: nobody shall look a key up by the id.
  private static byte[] digest(byte[] secret) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update("pawl payload key id ".getBytes(StandardCharsets.UTF_8));
      return digest.digest(secret);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** 16 hexadecimal digits; stands beside what the key encrypted. */
  String id() {
    return id;
  }

  SecretKey secret() {
    return key;
  }

  @Override
  public String toString() {
    return "key " + id;
  }
}
