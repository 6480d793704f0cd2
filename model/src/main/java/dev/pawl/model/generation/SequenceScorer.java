package dev.pawl.model.generation;

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

  private List<TokenScores> scoreBatch(List<int[]> rows) {
    int block = model.blockLength();
    int leftPads = model.blocks() && padded ? block - 1 : 0;
    int longest = rows.stream().mapToInt(row -> row.length).max().orElseThrow();
    // Nothing is predicted in a single token or block: there are always two.
    int length = Math.max(2, (leftPads + longest + block - 1) / block) * block;
    if (!model.blocks()) {
      length = Math.max(2, longest);
    }
    long[] ids = new long[rows.size() * length];
    byte[] mask = new byte[rows.size() * length];
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
    double[] found = model.score(ids, mask, rows.size());
    List<TokenScores> scores = new ArrayList<>();
    for (int i = 0; i < rows.size(); i++) {
      int count = rows.get(i).length;
      double[] logProbabilities = new double[count];
      boolean[] greedy = new boolean[count];
      for (int j = 0; j < count; j++) {
        int at = 2 * (i * length + leftPads + j);
        logProbabilities[j] = found[at];
        greedy[j] = found[at + 1] == 1;
      }
      scores.add(new TokenScores(logProbabilities, greedy));
    }
    return scores;
  }
}
