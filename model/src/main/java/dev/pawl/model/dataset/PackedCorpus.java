package dev.pawl.model.dataset;

import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import java.util.Arrays;

/**
 * Documents one after another, each [left pads][tokens][end of text][right pads], cut into samples
 * of equal length (block-transformer.md 5.5). Thread-safe.
 */
public final class PackedCorpus implements Samples {
  private final DocumentSource dataset;
  private final int maxLength;
  private final int endOfText;
  private final boolean padToBoundary;
  private final long[] starts;
  private final short[] leftPads;

  /**
   * Packs a dataset.
   *
   * @throws PawlException DATA when it is shorter than one sample
   */
  public PackedCorpus(DocumentSource dataset, PackingConfig config, int endOfText) {
    this.dataset = dataset;
    this.maxLength = config.maxLength();
    this.endOfText = endOfText;
    this.padToBoundary = config.padToBoundary();
    int documents = dataset.sequences();
    starts = new long[documents + 1];
    leftPads = new short[documents];
    LeftPads stream = new LeftPads(config.seed(), config.randomPad() ? config.blockLength() : 1);
    for (int i = 0; i < documents; i++) {
      leftPads[i] = (short) stream.next();
      long length = leftPads[i] + dataset.length(i) + 1L;
      if (config.padToBoundary()) {
        length += (config.blockLength() - length % config.blockLength()) % config.blockLength();
      }
      starts[i + 1] = starts[i] + length;
    }
    if (samples() == 0) {
      throw new PawlException(
          FailureCause.DATA,
          "the data has %d tokens with padding, too few for one sample of max_length %d: give more text or lower max_length"
              .formatted(starts[documents], maxLength));
    }
  }

  /** Number of samples; the remainder behind them is not used. */
  @Override
  public long samples() {
    return starts[leftPads.length] / maxLength;
  }

  @Override
  public int length() {
    return maxLength;
  }

  /** Fills ids, and mask with 1 for document tokens and end-of-text, 0 for padding of id 0. */
  @Override
  public void sample(long index, int[] ids, byte[] mask) {
    long at = index * maxLength;
    int found = Arrays.binarySearch(starts, at);
    int document = found >= 0 ? found : -found - 2;
    Arrays.fill(ids, 0, maxLength, 0);
    Arrays.fill(mask, 0, maxLength, (byte) 0);
    int filled = 0;
    while (filled < maxLength) {
      long end = starts[document + 1];
      int count = (int) Math.min(maxLength - filled, end - at);
      copy(document, (int) (at - starts[document]), count, ids, mask, filled);
      filled += count;
      at += count;
      document++;
    }
  }

  // As published, a document that ends on a block boundary by itself loses its end-of-text to the
  // padding of the next one, unless it is the last token of its sample (block-transformer.md 5.5,
  // sample 4 of the worked example).
  private boolean erased(int document, int end, int target) {
    boolean last = end + 1 == starts[document + 1] - starts[document];
    return padToBoundary && last && target + 1 < maxLength;
  }

  private void copy(int document, int from, int count, int[] ids, byte[] mask, int at) {
    int left = leftPads[document];
    int length = dataset.length(document);
    int firstToken = Math.max(from, left);
    int lastToken = Math.min(from + count, left + length);
    if (lastToken > firstToken) {
      int target = at + firstToken - from;
      dataset.read(document, firstToken - left, lastToken - firstToken, ids, target);
      Arrays.fill(mask, target, target + lastToken - firstToken, (byte) 1);
    }
    int end = left + length;
    if (end >= from && end < from + count && !erased(document, end, at + end - from)) {
      ids[at + end - from] = endOfText;
      mask[at + end - from] = 1;
    }
  }
}
