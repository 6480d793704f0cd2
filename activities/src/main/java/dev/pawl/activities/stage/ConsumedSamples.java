package dev.pawl.activities.stage;

import dev.pawl.model.dataset.TokenBuffer;
import dev.pawl.model.dataset.TokenType;
import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import dev.pawl.model.training.TrainingData;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Samples on their way into a training, with a running digest of all that went in: after each
 * optimizer step the SHA-256 of the digest before it and of the step's samples (position, token
 * ids, mask). Two trainings with equal digests were given the same tokens in the same order. Not
 * thread-safe.
 */
final class ConsumedSamples implements TrainingData {
  private final TrainingData data;
  private final int batch;
  private final MessageDigest open = sha256();
  private byte[] closed = new byte[open.getDigestLength()];
  private long next;

  /**
   * Samples from the first one on.
   *
   * @param batch samples in an optimizer step
   */
  ConsumedSamples(TrainingData data, int batch) {
    this.data = data;
    this.batch = batch;
    open.update(closed);
  }

  /** Goes on where another training stood after its last step. */
  void goOn(long position, String digest) {
    next = position;
    closed = HexFormat.of().parseHex(digest);
    open.reset();
    open.update(closed);
  }

  /** The digest after the last whole step. */
  String sha256Digest() {
    return HexFormat.of().formatHex(closed);
  }

  @Override
  public void read(long position, int[] ids, byte[] mask) {
    requireNext(position);
    data.read(position, ids, mask);
    add(position, ids, mask, 0);
  }

  @Override
  public void read(long position, TokenBuffer ids, byte[] mask, int at, int length) {
    requireNext(position);
    data.read(position, ids, mask, at, length);
    int[] sampleIds = new int[length];
    ids.get(at, sampleIds, length);
    add(position, sampleIds, mask, at);
  }

  @Override
  public TokenType bufferType() {
    return data.bufferType();
  }

  private void requireNext(long position) {
    if (position != next) {
      throw new PawlException(
          FailureCause.BUG,
          "the training asks for sample %d where %d is the next one".formatted(position, next));
    }
  }

  private void add(long position, int[] ids, byte[] mask, int at) {
    ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES + ids.length * Integer.BYTES);
    bytes.putLong(position);
    bytes.asIntBuffer().put(ids);
    open.update(bytes.array());
    open.update(mask, at, ids.length);
    next++;
    if (next % batch == 0) {
      closed = open.digest();
      open.update(closed);
    }
  }

  @Override
  public int extraTokens() {
    return data.extraTokens();
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
