package dev.pawl.activities.stage;

import dev.pawl.model.dataset.FileDigests;
import dev.pawl.model.dataset.TokenBuffer;
import dev.pawl.model.dataset.TokenType;
import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import dev.pawl.model.training.TrainingData;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.HexFormat;

/**
 * Samples on their way into a training, with a running digest of all that went in: after each
 * sample the SHA-256 of the digest before it and of the sample (position, token ids, mask). Two
 * trainings with equal digests were given the same tokens in the same order. Not thread-safe.
 */
final class ConsumedSamples implements TrainingData {
  private final TrainingData data;
  private final MessageDigest sha256 = FileDigests.sha256();
  private byte[] digest = new byte[sha256.getDigestLength()];
  private long next;

  /** Samples from the first one on. */
  ConsumedSamples(TrainingData data) {
    this.data = data;
  }

  /** Goes on where a training stood. */
  void goOn(long position, String sha256Digest) {
    next = position;
    digest = HexFormat.of().parseHex(sha256Digest);
  }

  /** The digest of all samples read, none of which may be at or beyond a position. */
  String sha256Digest(long position) {
    // Behind the last one lies, perhaps, what a training passed over.
    if (position < next) {
      throw new PawlException(
          FailureCause.BUG,
          "the digest of the first %d samples is asked for after %d".formatted(position, next));
    }
    return HexFormat.of().formatHex(digest);
  }

  @Override
  public void read(long position, int[] ids, byte[] mask) {
    requireLater(position);
    data.read(position, ids, mask);
    add(position, ids, mask, 0);
  }

  @Override
  public void read(long position, TokenBuffer ids, byte[] mask, int at, int length) {
    requireLater(position);
    data.read(position, ids, mask, at, length);
    int[] sampleIds = new int[length];
    ids.get(at, sampleIds, length);
    add(position, sampleIds, mask, at);
  }

  @Override
  public TokenType bufferType() {
    return data.bufferType();
  }

  @Override
  public long samples() {
    return data.samples();
  }

  private void requireLater(long position) {
    if (position < next) {
      throw new PawlException(
          FailureCause.BUG,
          "the training asks again for sample %d, where %d is the next one"
              .formatted(position, next));
    }
  }

  private void add(long position, int[] ids, byte[] mask, int at) {
    ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES + ids.length * Integer.BYTES);
    bytes.putLong(position);
    bytes.asIntBuffer().put(ids);
    sha256.update(digest);
    sha256.update(bytes.array());
    sha256.update(mask, at, ids.length);
    digest = sha256.digest();
    next = position + 1;
  }

  @Override
  public int extraTokens() {
    return data.extraTokens();
  }
}
