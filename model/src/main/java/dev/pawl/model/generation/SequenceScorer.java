package dev.pawl.model.generation;

import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Scores whole token sequences in batches of similar length. Block models read them in padded mode
 * (block-transformer.md 6.3: the first token ends the first block, so every later one is predicted)
 * or unpadded mode (6.4: the first block is never predicted); the mode follows how the model was
 * trained.
 */
public final class SequenceScorer {
  /** Log-probability in nats and arg-max flag of each token; NaN where nothing predicts it. */
  // Arrays, because there is one number a token and nobody compares scores.
  @SuppressWarnings("ArrayRecordComponent")
  public record TokenScores(double[] logProbabilities, boolean[] greedy) {}

  private final LanguageModel model;
  private final boolean padded;
  private final int batchSize;

  /**
   * A scorer over a model.
   *
   * @param padded whether the model was trained with random left padding; vanilla models ignore it
   * @param batchSize sequences in a forward pass
   */
  public SequenceScorer(LanguageModel model, boolean padded, int batchSize) {
    this.model = model;
    this.padded = padded;
    this.batchSize = batchSize;
  }

  /** Scores in the order given. */
  public List<TokenScores> score(List<int[]> sequences) {
    List<Integer> byLength =
        IntStream.range(0, sequences.size())
            .boxed()
            .sorted(Comparator.comparingInt(i -> -sequences.get(i).length))
            .toList();
    TokenScores[] scores = new TokenScores[sequences.size()];
    for (int start = 0; start < byLength.size(); start += batchSize) {
      List<Integer> batch = byLength.subList(start, Math.min(start + batchSize, byLength.size()));
      List<int[]> rows = batch.stream().map(sequences::get).toList();
      List<TokenScores> found = scoreBatch(rows);
      for (int i = 0; i < batch.size(); i++) {
        scores[batch.get(i)] = found.get(i);
      }
    }
    return List.of(scores);
  }

  /**
   * Scores the last tokens of each sequence, all in one forward pass. Only their rows of logits are
   * computed.
   *
   * @param tails how many tokens of each sequence, none of them its first
   * @return the scores of those tokens, in the order given
   */
  public List<TokenScores> scoreTails(List<int[]> sequences, int[] tails) {
    Layout layout = new Layout(sequences);
    int unit = model.blocks() ? model.blockLength() : 1;
    int units = layout.length / unit - 1;
    List<Long> places = new ArrayList<>();
    int[] firsts = new int[tails.length];
    int[] starts = new int[tails.length];
    for (int i = 0; i < tails.length; i++) {
      int end = layout.leftPads + sequences.get(i).length;
      firsts[i] = places.size();
      starts[i] = Math.max(1, (end - tails[i]) / unit);
      for (int at = starts[i]; at * unit < end; at++) {
        places.add((long) i * units + at - 1);
      }
    }
    double[] found =
        places.isEmpty()
            ? new double[0]
            : model.scoreAt(
                layout.ids,
                layout.mask,
                sequences.size(),
                places.stream().mapToLong(Long::longValue).toArray());
    List<TokenScores> scores = new ArrayList<>();
    for (int i = 0; i < tails.length; i++) {
      double[] logProbabilities = new double[tails[i]];
      boolean[] greedy = new boolean[tails[i]];
      int begin = layout.leftPads + sequences.get(i).length - tails[i];
      for (int j = 0; j < tails[i]; j++) {
        int offset = begin + j - starts[i] * unit;
        int at = 2 * (firsts[i] * unit + offset);
        logProbabilities[j] = offset < 0 ? Double.NaN : finite(found[at]);
        greedy[j] = offset >= 0 && found[at + 1] == 1;
      }
      scores.add(new TokenScores(logProbabilities, greedy));
    }
    return scores;
  }

  private static double finite(double score) {
    if (!Double.isFinite(score)) {
      throw new PawlException(
          FailureCause.NUMERIC,
          "the model gives a token the log-probability %s: its weights are of no use"
              .formatted(score));
    }
    return score;
  }

  private List<TokenScores> scoreBatch(List<int[]> rows) {
    Layout layout = new Layout(rows);
    double[] found = model.score(layout.ids, layout.mask, rows.size());
    List<TokenScores> scores = new ArrayList<>();
    for (int i = 0; i < rows.size(); i++) {
      int count = rows.get(i).length;
      double[] logProbabilities = new double[count];
      boolean[] greedy = new boolean[count];
      for (int j = 0; j < count; j++) {
        int at = 2 * (i * layout.length + layout.leftPads + j);
        logProbabilities[j] = found[at];
        greedy[j] = found[at + 1] == 1;
      }
      scores.add(new TokenScores(logProbabilities, greedy));
    }
    return scores;
  }

  /** Sequences as the rows of one batch. */
  private final class Layout {
    private final int leftPads;
    private final int length;
    private final long[] ids;
    private final byte[] mask;

    Layout(List<int[]> rows) {
      int block = model.blockLength();
      leftPads = model.blocks() && padded ? block - 1 : 0;
      int longest = rows.stream().mapToInt(row -> row.length).max().orElseThrow();
      // Nothing is predicted in a single token or block: there are always two.
      length =
          model.blocks()
              ? Math.max(2, (leftPads + longest + block - 1) / block) * block
              : Math.max(2, longest);
      ids = new long[rows.size() * length];
      mask = new byte[rows.size() * length];
      for (int i = 0; i < rows.size(); i++) {
        int[] row = rows.get(i);
        for (int j = 0; j < row.length; j++) {
          int at = i * length + leftPads + j;
          ids[at] = row[j];
          // In the reference id 0 is padding wherever it stands, but for the last, only predicted
          // token.
          mask[at] = (byte) (row[j] != 0 || j == row.length - 1 ? 1 : 0);
        }
      }
    }
  }
}
