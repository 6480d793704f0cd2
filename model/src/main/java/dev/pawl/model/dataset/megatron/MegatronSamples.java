package dev.pawl.model.dataset.megatron;

import dev.pawl.model.dataset.Samples;
import dev.pawl.model.dataset.TokenBuffer;
import dev.pawl.model.dataset.TokenType;
import java.util.Arrays;

/**
 * Megatron's samples for a training loop. A vanilla model takes all L+1 tokens, so that L are
 * predicted; a block model takes the first L, whole blocks without padding. Thread-safe.
 */
public final class MegatronSamples implements Samples {
  private final TokenSamples samples;
  private final int length;

  /**
   * Samples of a part of the data.
   *
   * @param lastTarget whether the token behind the L inputs is wanted
   */
  public MegatronSamples(TokenSamples samples, boolean lastTarget) {
    this.samples = samples;
    this.length = lastTarget ? samples.length() : samples.length() - 1;
  }

  @Override
  public long samples() {
    return samples.samples();
  }

  @Override
  public int length() {
    return length;
  }

  @Override
  public TokenType bufferType() {
    return samples.bufferType();
  }

  @Override
  public void sample(long index, TokenBuffer ids, byte[] mask, int at) {
    samples.read(index, ids, at, length);
    Arrays.fill(mask, at, at + length, (byte) 1);
  }
}
