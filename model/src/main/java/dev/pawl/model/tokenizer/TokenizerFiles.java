package dev.pawl.model.tokenizer;

import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Reads the files that tokenizers are made of. */
final class TokenizerFiles {
  private TokenizerFiles() {}

  static byte[] read(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new PawlException(
          FailureCause.CONFIG,
          "tokenizer file %s cannot be read (%s); name a file that is there"
              .formatted(file, e.getClass().getSimpleName()),
          e);
    }
  }

  static PawlException unusable(Path file, String why) {
    return new PawlException(
        FailureCause.DATA,
        "tokenizer file %s %s; take the file it was published with".formatted(file, why));
  }

  /** SHA-256 of one file, in hexadecimal digits. */
  static String sha256(byte[] bytes) {
    return HexFormat.of().formatHex(digest().digest(bytes));
  }

  /** SHA-256 of a kind of tokenizer and the digests of the files it is made of. */
  static String sha256(String kind, byte[]... files) {
    MessageDigest whole = digest();
    whole.update(kind.getBytes(StandardCharsets.UTF_8));
    for (byte[] file : files) {
      whole.update(digest().digest(file));
    }
    return HexFormat.of().formatHex(whole.digest());
  }

  private static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
