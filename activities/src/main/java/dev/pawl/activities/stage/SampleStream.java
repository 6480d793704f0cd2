package dev.pawl.activities.stage;

import dev.pawl.model.dataset.Samples;
import dev.pawl.model.dataset.TokenBuffer;
import dev.pawl.model.dataset.TokenType;
import dev.pawl.model.training.TrainingData;
import java.util.function.LongUnaryOperator;

/**
 * Samples in an order.
 *
 * @param order gives the number of the sample at a position
 * @param extraTokens of a sample beyond max_length
 */
record SampleStream(Samples samples, LongUnaryOperator order, int extraTokens)
    implements TrainingData {

  @Override
  public void read(long position, int[] ids, byte[] mask) {
    samples.sample(order.applyAsLong(position), ids, mask);
  }

  @Override
  public void read(long position, TokenBuffer ids, byte[] mask, int at, int length) {
    samples.sample(order.applyAsLong(position), ids, mask, at);
  }

  @Override
  public TokenType bufferType() {
    return samples.bufferType();
  }
}
