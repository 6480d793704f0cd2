package dev.pawl.model.dataset.megatron;

import dev.pawl.model.dataset.RandomState;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;

/**
 * Chooses what is hidden from a model: runs of whole words, in random order, until a share of the
 * tokens is taken (megatron.md 3.11 step 4, 3.12). The order of its draws is part of its meaning.
 */
final class SpanMasking {
  /** Trials in a run of T5 end with this probability each. */
  private static final double T5_STOP = 0.2;

  private static final int T5_LONGEST = 10;
  private static final int BERT_LONGEST = 3;
  private static final double REPLACED_BY_MASK = 0.8;
  private static final double LEFT_AS_IT_IS = 0.5;

  private final PieceVocabulary vocabulary;
  private final boolean bert;
  private final double share;
  private final int cls;
  private final int sep;
  private final int mask;
  private final double[] lengths;

  /**
   * A masking.
   *
   * @param bert whether what is taken is replaced token by token, as BERT wants it
   * @param share of the tokens to take
   */
  SpanMasking(PieceVocabulary vocabulary, boolean bert, double share) {
    this.vocabulary = vocabulary;
    this.bert = bert;
    this.share = share;
    this.cls = vocabulary.special("[CLS]");
    this.sep = vocabulary.special("[SEP]");
    this.mask = vocabulary.special("[MASK]");
    this.lengths = divided(divided(new double[] {1.0, 1.0 / 2, 1.0 / BERT_LONGEST}));
  }

  // Divided by their sum twice, for the last bit's sake.
  private static double[] divided(double[] values) {
    double sum = values[0] + values[1] + values[2];
    return new double[] {values[0] / sum, values[1] / sum, values[2] / sum};
  }

  /**
   * What a masking took.
   *
   * @param text the tokens with replacements
   * @param spans positions of each run, by their first position
   */
  @SuppressWarnings("ArrayRecordComponent") // Nobody compares them.
  record Masked(int[] text, List<int[]> spans) {}

  Masked mask(int[] tokens, int target, RandomState random) {
    int[] text = tokens.clone();
    Words words = words(tokens);
    // The first bound is no whole number, and it counts.
    double budget =
        Math.min(share * target, Math.max(1, Math.rint((double) tokens.length * share)));
    BitSet taken = new BitSet();
    List<int[]> spans = new ArrayList<>();
    for (int start : random.permutation(words.count)) {
      if (taken.cardinality() >= budget) {
        break;
      }
      int wanted = bert ? 1 + random.choice(lengths) : t5Length(random);
      int[] span = words.span(start, wanted);
      while (taken.cardinality() + span.length > budget && wanted > 1) {
        wanted--;
        span = words.span(start, wanted);
      }
      if (taken.cardinality() + span.length > budget || touches(taken, span)) {
        continue;
      }
      for (int position : span) {
        taken.set(position);
        text[position] = bert ? replacement(tokens[position], random) : mask;
      }
      spans.add(span);
    }
    spans.sort(Comparator.comparingInt(span -> span[0]));
    return new Masked(text, spans);
  }

  private static int t5Length(RandomState random) {
    return (int) Math.min(random.geometric(T5_STOP), T5_LONGEST);
  }

  private static boolean touches(BitSet taken, int[] span) {
    for (int position : span) {
      if (taken.get(position)) {
        return true;
      }
    }
    return false;
  }

  private int replacement(int token, RandomState random) {
    if (random.nextDouble() < REPLACED_BY_MASK) {
      return mask;
    }
    return random.nextDouble() < LEFT_AS_IT_IS ? token : (int) random.randint(0, vocabulary.size());
  }

  private Words words(int[] tokens) {
    int[] positions = new int[tokens.length];
    int[] starts = new int[tokens.length + 1];
    int count = 0;
    int filled = 0;
    for (int i = 0; i < tokens.length; i++) {
      if (tokens[i] == cls || tokens[i] == sep) {
        continue;
      }
      if (count == 0 || !vocabulary.continuesWord(tokens[i])) {
        starts[count++] = filled;
      }
      positions[filled++] = i;
    }
    starts[count] = filled;
    return new Words(positions, starts, count);
  }

  /**
   * Whole words of a text without its special tokens.
   *
   * @param positions of the tokens of all words
   * @param starts of the words among the positions, and their end
   */
  @SuppressWarnings("ArrayRecordComponent") // Nobody compares them.
  private record Words(int[] positions, int[] starts, int count) {
    /** Positions of some words in a row, of fewer at the end. */
    int[] span(int word, int words) {
      int from = starts[word];
      int to = starts[Math.min(word + words, count)];
      int[] span = new int[to - from];
      System.arraycopy(positions, from, span, 0, span.length);
      return span;
    }
  }
}
