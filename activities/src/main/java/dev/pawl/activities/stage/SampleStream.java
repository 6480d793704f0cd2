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
 * @param most samples there are; Long.MAX_VALUE where epochs follow without end
 */
record SampleStream(Samples source, LongUnaryOperator order, int extraTokens, long most)
    implements TrainingData {

  @Override
  public void read(long position, int[] ids, byte[] mask) {
    source.sample(order.applyAsLong(position), ids, mask);
  }

  @Override
  public void read(long position, TokenBuffer ids, byte[] mask, int at, int length) {
    source.sample(order.applyAsLong(position), ids, mask, at);
  }

  @Override
  public TokenType bufferType() {
    return source.bufferType();
  }

  @Override
  public long samples() {
    return most;
  }
}
