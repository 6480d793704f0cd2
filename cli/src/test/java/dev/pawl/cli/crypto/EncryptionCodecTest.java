package dev.pawl.cli.crypto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import dev.pawl.db.Secrets;
import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import io.temporal.api.common.v1.Payload;
import io.temporal.api.failure.v1.Failure;
import io.temporal.common.converter.DataConverter;
import io.temporal.failure.ApplicationFailure;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What goes out encrypted comes back, and nothing else does. */
class EncryptionCodecTest {
  private static final String FIRST = key(1);
  private static final String SECOND = key(2);

  @TempDir Path folder;

  private static String key(int of) {
    byte[] bytes = new byte[32];
    bytes[5] = (byte) of;
    return Base64.getEncoder().encodeToString(bytes);
  }

  private static PayloadKeys keys(String text) {
    return PayloadKeys.of(Map.of(PayloadKeys.VARIABLE, text));
  }

  private static Payload plain(String text) {
    return Payload.newBuilder()
        .putMetadata("encoding", ByteString.copyFromUtf8("json/plain"))
        .setData(ByteString.copyFromUtf8(text))
        .build();
  }

  private static Payload encrypted(EncryptionCodec codec, Payload payload) {
    return codec.encode(List.of(payload)).get(0);
  }

  @Test
  void payloadsAreUnreadableOutsideAndComeBackAsTheyWere() {
    EncryptionCodec codec = new EncryptionCodec(keys(FIRST));
    Payload plain = plain("\"the run of everybody\"");
    Payload secret = encrypted(codec, plain);
    assertFalse(secret.toString().contains("everybody"));
    assertFalse(
        new String(secret.toByteArray(), StandardCharsets.ISO_8859_1).contains("everybody"));
    assertEquals("binary/encrypted", secret.getMetadataOrThrow("encoding").toStringUtf8());
    assertEquals(
        keys(FIRST).ids().get(0), secret.getMetadataOrThrow("encryption-key-id").toStringUtf8());
    // The same again is another ciphertext.
    assertNotEquals(secret.getData(), encrypted(codec, plain).getData());
    assertEquals(List.of(plain), codec.decode(List.of(secret)));
    // What is older than encryption is read as it is.
    assertEquals(List.of(plain), codec.decode(List.of(plain)));
    assertEquals(List.of(plain), new EncryptionCodec(PayloadKeys.NONE).encode(List.of(plain)));
  }

  @Test
  void aNewKeyInFrontEncryptsAndTheOldOneStillReads() {
    Payload old = encrypted(new EncryptionCodec(keys(FIRST)), plain("1"));
    EncryptionCodec both = new EncryptionCodec(keys(SECOND + "," + FIRST));
    assertEquals(List.of(plain("1")), both.decode(List.of(old)));
    Payload fresh = encrypted(both, plain("2"));
    assertEquals(
        keys(SECOND).ids().get(0), fresh.getMetadataOrThrow("encryption-key-id").toStringUtf8());
    PawlException lacking =
        assertThrows(
            PawlException.class, () -> new EncryptionCodec(keys(FIRST)).decode(List.of(fresh)));
    assertTrue(lacking.getMessage().contains(keys(SECOND).ids().get(0)), lacking.getMessage());
    assertTrue(lacking.getMessage().contains(PayloadKeys.FILE_VARIABLE), lacking.getMessage());
    assertThrows(
        PawlException.class, () -> new EncryptionCodec(PayloadKeys.NONE).decode(List.of(fresh)));
  }

  @Test
  void whatWasChangedOnTheWayIsRefused() {
    EncryptionCodec codec = new EncryptionCodec(keys(FIRST + " " + SECOND));
    Payload secret = encrypted(codec, plain("\"text\""));
    byte[] data = secret.getData().toByteArray();
    for (int at : new int[] {0, 12, data.length - 1}) {
      byte[] changed = data.clone();
      changed[at] ^= 1;
      refused(codec, secret.toBuilder().setData(ByteString.copyFrom(changed)).build());
    }
    refused(codec, secret.toBuilder().setData(secret.getData().substring(0, 7)).build());
    // The id of the other key, which is here too.
    refused(
        codec,
        secret.toBuilder()
            .putMetadata("encryption-key-id", ByteString.copyFromUtf8(keys(SECOND).ids().get(0)))
            .build());
  }

  private static void refused(EncryptionCodec codec, Payload payload) {
    PawlException e = assertThrows(PawlException.class, () -> codec.decode(List.of(payload)));
    assertEquals(FailureCause.DATA, e.failureCause());
  }

  @Test
  void messagesOfFailuresAreEncryptedTooAndNeverHoldASecret() {
    Secrets.know("canary-of-failures");
    RuntimeException thrown =
        ApplicationFailure.newFailureWithCause(
            "file of everybody, canary-of-failures",
            "DATA",
            new IllegalStateException("within: canary-of-failures"));
    DataConverter open = PayloadConverters.of(PayloadKeys.NONE);
    Failure readable = open.exceptionToFailure(thrown);
    assertTrue(readable.getMessage().contains("file of everybody, ***"), readable.getMessage());
    assertFalse(readable.toString().contains("canary"), readable.toString());
    DataConverter closed = PayloadConverters.of(keys(FIRST));
    Failure secret = closed.exceptionToFailure(thrown);
    assertFalse(secret.toString().contains("everybody"), secret.toString());
    assertTrue(
        String.valueOf(closed.failureToException(secret).getMessage())
            .contains("file of everybody"));
  }

  @Test
  void keysAreReadFromAFileThatNobodyElseMayRead() throws Exception {
    Path file = folder.resolve("keys");
    Files.writeString(file, "# newest first\n" + SECOND + "\n\n" + FIRST + "  # of last year\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    Map<String, String> environment = Map.of(PayloadKeys.FILE_VARIABLE, file.toString());
    assertEquals(keys(SECOND + " " + FIRST).ids(), PayloadKeys.of(environment).ids());
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
    wrong(environment, "chmod 600");
    wrong(Map.of(PayloadKeys.FILE_VARIABLE, folder.resolve("none").toString()), "NoSuchFile");
    wrong(
        Map.of(PayloadKeys.FILE_VARIABLE, file.toString(), PayloadKeys.VARIABLE, FIRST),
        "both set");
    wrong(Map.of(PayloadKeys.VARIABLE, FIRST + ",c2hvcnQga2V5"), "key 2 of PAWL_PAYLOAD_KEY");
    wrong(Map.of(PayloadKeys.VARIABLE, "no base64 at all!"), "openssl rand -base64 32");
    assertFalse(PayloadKeys.of(Map.of()).encrypts());
    // What was read is a secret from then on.
    assertEquals("***", Secrets.masked(FIRST));
  }

  private static void wrong(Map<String, String> environment, String what) {
    PawlException e = assertThrows(PawlException.class, () -> PayloadKeys.of(environment));
    assertEquals(FailureCause.CONFIG, e.failureCause());
    assertTrue(e.getMessage().contains(what), e.getMessage());
    assertFalse(e.getMessage().contains("c2hvcnQ"), e.getMessage());
  }
}
