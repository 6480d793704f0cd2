package dev.pawl.model.dataset.megatron;

/**
 * A T5 sample (megatron.md 3.12).
 *
 * @param encoderText ids, with a sentinel for each run that was taken; encoder length
 * @param decoderText {@code [BOS]}, then each sentinel and its run; decoder length
 * @param labels each sentinel and its run, then {@code [EOS]}; -1 in the padding; decoder length
 * @param lossMask 1 where there is a label; decoder length
 * @param truncated whether tokens were dropped
 */
@SuppressWarnings("ArrayRecordComponent") // Ids are many, and nobody compares samples.
public record T5Example(
    int[] encoderText, int[] decoderText, int[] labels, int[] lossMask, boolean truncated) {

  /** Encoder to encoder, row by row: 1 where both tokens are no padding. */
  public int[][] encoderMask() {
    return mask(encoderText, encoderText, false);
  }

  /** Decoder to decoder, row by row: 1 where both are no padding, and the column is no later. */
  public int[][] decoderMask() {
    return mask(decoderText, decoderText, true);
  }

  /** Decoder (rows) to encoder (columns): 1 where both tokens are no padding. */
  public int[][] crossMask() {
    return mask(decoderText, encoderText, false);
  }

  private static int[][] mask(int[] rows, int[] columns, boolean causal) {
    int[][] mask = new int[rows.length][columns.length];
    for (int i = 0; i < rows.length; i++) {
      for (int j = 0; j < columns.length; j++) {
        boolean seen = rows[i] >= 1 && columns[j] >= 1 && (!causal || j <= i);
        mask[i][j] = seen ? 1 : 0;
      }
    }
    return mask;
  }
}
