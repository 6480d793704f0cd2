package dev.pawl.model.dataset.megatron;

import dev.pawl.model.dataset.RandomState;
import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/** Makes BERT samples out of sentences (megatron.md 3.11, in its order). Thread-safe. */
final class BertExampleBuilder {
  /** {@code [CLS]} and two {@code [SEP]}. */
  static final int SPECIAL_TOKENS = 3;

  private static final double HALF = 0.5;

  private final int seqLength;
  private final boolean binaryHead;
  private final int cls;
  private final int sep;
  private final int pad;
  private final SpanMasking masking;

  BertExampleBuilder(
      PieceVocabulary vocabulary, int seqLength, double maskShare, boolean binaryHead) {
    this.seqLength = seqLength;
    this.binaryHead = binaryHead;
    cls = vocabulary.special("[CLS]");
    sep = vocabulary.special("[SEP]");
    pad = vocabulary.special("[PAD]");
    masking = new SpanMasking(vocabulary, true, maskShare);
  }

  /**
   * A sample.
   *
   * @param target tokens wanted, without special ones; at most seq-length - 3
   * @throws PawlException DATA when there is nothing to make it of
   */
  BertExample build(List<int[]> sentences, int target, RandomState random) {
    if (target > seqLength - SPECIAL_TOKENS) {
      throw new IllegalArgumentException(
          "%d tokens and %d special ones in %d".formatted(target, SPECIAL_TOKENS, seqLength));
    }
    int cut = sentences.size();
    if (binaryHead) {
      requireTwo(sentences.size());
      // Of two sentences no number is drawn: bounded(0) takes none.
      cut = (int) random.randint(1, sentences.size());
    }
    Deque<Integer> a = joined(sentences.subList(0, cut));
    Deque<Integer> b = joined(sentences.subList(cut, sentences.size()));
    boolean swapped = binaryHead && random.nextDouble() < HALF;
    if (swapped) {
      Deque<Integer> kept = a;
      a = b;
      b = kept;
    }
    if (a.isEmpty()) {
      throw new PawlException(
          FailureCause.DATA,
          "the first segment of %d sentences has no token; remove empty sentences from the dataset"
              .formatted(sentences.size()));
    }
    boolean truncated = truncate(a, b, target, random);
    return example(a, b, target, random, swapped, truncated);
  }

  private static void requireTwo(int sentences) {
    if (sentences < 2) {
      throw new PawlException(
          FailureCause.DATA,
          "a sample of %d sentence has no two segments; split the text into sentences, or train without the binary head"
              .formatted(sentences));
    }
  }

  private static Deque<Integer> joined(List<int[]> sentences) {
    Deque<Integer> tokens = new ArrayDeque<>();
    for (int[] sentence : sentences) {
      for (int token : sentence) {
        tokens.add(token);
      }
    }
    return tokens;
  }

  private static boolean truncate(
      Deque<Integer> a, Deque<Integer> b, int target, RandomState random) {
    boolean truncated = false;
    while (a.size() + b.size() > target) {
      Deque<Integer> longer = a.size() > b.size() ? a : b;
      if (random.nextDouble() < HALF) {
        longer.removeFirst();
      } else {
        longer.removeLast();
      }
      truncated = true;
    }
    return truncated;
  }

  private BertExample example(
      Deque<Integer> a,
      Deque<Integer> b,
      int target,
      RandomState random,
      boolean swapped,
      boolean truncated) {
    int[] tokens = new int[2 + a.size() + (b.isEmpty() ? 0 : b.size() + 1)];
    int[] types = new int[seqLength];
    int at = 0;
    tokens[at++] = cls;
    for (int token : a) {
      tokens[at++] = token;
    }
    tokens[at++] = sep;
    if (!b.isEmpty()) {
      Arrays.fill(types, at, tokens.length, 1);
      for (int token : b) {
        tokens[at++] = token;
      }
      tokens[at] = sep;
    }
    // The reference fills the types up with the padding token too.
    Arrays.fill(types, tokens.length, seqLength, pad);
    SpanMasking.Masked masked = masking.mask(tokens, target, random);
    int[] text = Arrays.copyOf(masked.text(), seqLength);
    Arrays.fill(text, tokens.length, seqLength, pad);
    int[] labels = new int[seqLength];
    Arrays.fill(labels, -1);
    int[] lossMask = new int[seqLength];
    for (int[] span : masked.spans()) {
      for (int position : span) {
        labels[position] = tokens[position];
        lossMask[position] = 1;
      }
    }
    int[] paddingMask = new int[seqLength];
    Arrays.fill(paddingMask, 0, tokens.length, 1);
    return new BertExample(text, types, labels, lossMask, paddingMask, swapped, truncated);
  }
}
