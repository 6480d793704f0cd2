package dev.pawl.model.dataset;

import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import java.util.Arrays;
import java.util.Objects;

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
  private final int[] firstDocuments;

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
    firstDocuments = firstDocuments(starts, Math.toIntExact(samples()), maxLength);
  }

  /** The document in which each sample begins: one look-up in place of a search. */
  private static int[] firstDocuments(long[] starts, int samples, int maxLength) {
    int[] first = new int[samples];
    int document = 0;
    for (int i = 0; i < samples; i++) {
      while (starts[document + 1] <= (long) i * maxLength) {
        document++;
      }
      first[i] = document;
    }
    return first;
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

  @Override
  public TokenType bufferType() {
    return endOfText <= TokenType.UINT16.highest ? dataset.bufferType() : TokenType.INT32;
  }

  /** Reads ids, and mask with 1 for document tokens and end-of-text, 0 for padding of id 0. */
  @Override
  public void sample(long index, TokenBuffer ids, byte[] mask, int at) {
    int document = firstDocuments[(int) Objects.checkIndex(index, samples())];
    long from = index * maxLength - starts[document];
    int filled = 0;
    while (filled < maxLength) {
      long length = starts[document + 1] - starts[document];
      int count = (int) Math.min(maxLength - filled, length - from);
      int end = leftPads[document] + dataset.length(document);
      copy(document, (int) from, count, end, ids, mask, at + filled);
      if (end >= from && end < from + count) {
        int target = filled + (int) (end - from);
        if (!erased(end + 1 == length, target)) {
          ids.put(at + target, endOfText);
          mask[at + target] = 1;
        }
      }
      filled += count;
      from = 0;
      document++;
    }
  }

  // As published, a document that ends on a block boundary by itself loses its end-of-text to the
  // padding of the next one, unless it is the last token of its sample (block-transformer.md 5.5,
  // sample 4 of the worked example).
  private boolean erased(boolean lastOfDocument, int target) {
    return padToBoundary && lastOfDocument && target + 1 < maxLength;
  }

  /** Copies tokens of a padded document, which end at a place of it, and zeros for all else. */
  private void copy(
      int document, int from, int count, int end, TokenBuffer ids, byte[] mask, int at) {
    int left = leftPads[document];
    int pads = Math.min(count, Math.max(0, left - from));
    int tokens = Math.min(count, end - from) - pads;
    if (tokens > 0) {
      dataset.read(document, from + pads - left, tokens, ids, at + pads);
      Arrays.fill(mask, at + pads, at + pads + tokens, (byte) 1);
    } else {
      tokens = 0;
    }
    clear(ids, mask, at, pads);
    clear(ids, mask, at + pads + tokens, count - pads - tokens);
  }

  private static void clear(TokenBuffer ids, byte[] mask, int at, int count) {
    ids.clear(at, count);
    Arrays.fill(mask, at, at + count, (byte) 0);
  }
}
