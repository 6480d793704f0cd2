package dev.pawl.cli.crypto;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import io.temporal.api.common.v1.Payload;
import io.temporal.payload.codec.PayloadCodec;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.List;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;

/**
 * Encrypts payloads with AES-256-GCM before they leave the process. A payload becomes another one
 * with the encoding {@code binary/encrypted}, the id of the key beside it, and as data a random
 * nonce of 12 bytes, the ciphertext of the whole payload and a tag of 16 bytes; the id is
 * authenticated too. What was stored before encryption was turned on is read as it is. Thread-safe.
 */
public final class EncryptionCodec implements PayloadCodec {
  private static final String ENCODING = "encoding";
  private static final String KEY_ID = "encryption-key-id";
  private static final ByteString ENCRYPTED = ByteString.copyFromUtf8("binary/encrypted");
  private static final String TRANSFORMATION = "AES/GCM/NoPadding";
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;

  private final PayloadKeys keys;
  private final SecureRandom random = new SecureRandom();

  /** With these keys; with none it only says which key a payload lacks. */
  public EncryptionCodec(PayloadKeys keys) {
    this.keys = keys;
  }

  @Override
  public List<Payload> encode(List<Payload> payloads) {
    return keys.encrypts() ? payloads.stream().map(this::encrypt).toList() : payloads;
  }

  @Override
  public List<Payload> decode(List<Payload> payloads) {
    return payloads.stream().map(this::decrypt).toList();
  }

  private Payload encrypt(Payload plain) {
    PayloadKey key = keys.first();
    byte[] nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    try {
      byte[] secret = cipher(Cipher.ENCRYPT_MODE, key, nonce).doFinal(plain.toByteArray());
      return Payload.newBuilder()
          .putMetadata(ENCODING, ENCRYPTED)
          .putMetadata("encryption-cipher", ByteString.copyFromUtf8(TRANSFORMATION))
          .putMetadata(KEY_ID, ByteString.copyFromUtf8(key.id()))
          .setData(ByteString.copyFrom(nonce).concat(ByteString.copyFrom(secret)))
          .build();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has AES-256-GCM", e);
    }
  }

  private Payload decrypt(Payload payload) {
    if (!ENCRYPTED.equals(payload.getMetadataMap().get(ENCODING))) {
      return payload;
    }
    String id = payload.getMetadataOrDefault(KEY_ID, ByteString.EMPTY).toStringUtf8();
    PayloadKey key = keys.find(id).orElseThrow(() -> missing(id));
    byte[] data = payload.getData().toByteArray();
    if (data.length < NONCE_BYTES) {
      throw damaged(id, null);
    }
    try {
      return Payload.parseFrom(
          cipher(Cipher.DECRYPT_MODE, key, data)
              .doFinal(data, NONCE_BYTES, data.length - NONCE_BYTES));
    } catch (GeneralSecurityException | InvalidProtocolBufferException e) {
      throw damaged(id, e);
    }
  }

  private static Cipher cipher(int mode, PayloadKey key, byte[] beginsWithNonce)
      throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance(TRANSFORMATION);
    cipher.init(
        mode, key.secret(), new GCMParameterSpec(TAG_BITS, beginsWithNonce, 0, NONCE_BYTES));
    cipher.updateAAD(key.id().getBytes(StandardCharsets.UTF_8));
    return cipher;
  }

  private PawlException missing(String id) {
    return new PawlException(
        FailureCause.CONFIG,
        "a payload of Temporal is encrypted with key %s, which is not among %s; add it to the file of %s"
            .formatted(id, keys.ids(), PayloadKeys.FILE_VARIABLE));
  }

  private static PawlException damaged(
      String id, @org.jspecify.annotations.Nullable Exception cause) {
    return new PawlException(
        FailureCause.DATA,
        "a payload of Temporal that names key %s was not encrypted with it, or was changed since"
            .formatted(id),
        cause);
  }
}
