package dev.pawl.model.dataset;

import java.util.ArrayList;
import java.util.List;

/**
 * How long the sequences of a dataset are.
 *
 * @param shortest tokens; 0 for an empty dataset
 * @param longest tokens
 * @param mean tokens
 * @param buckets counts by powers of two, without the empty ones
 */
public record LengthHistogram(int shortest, int longest, double mean, List<Bucket> buckets) {
  public LengthHistogram {
    buckets = List.copyOf(buckets);
  }

  /**
   * Sequences of a range of lengths.
   *
   * @param from shortest length, inclusive
   * @param to longest length, inclusive
   */
  public record Bucket(int from, int to, long sequences) {}

  static LengthHistogram of(IndexFile index) {
    long[] counts = new long[32];
    long sum = 0;
    int shortest = Integer.MAX_VALUE;
    int longest = 0;
    for (long i = 0; i < index.sequences(); i++) {
      int length = Math.max(0, index.length(i));
      counts[32 - Integer.numberOfLeadingZeros(length)]++;
      sum += length;
      shortest = Math.min(shortest, length);
      longest = Math.max(longest, length);
    }
    List<Bucket> buckets = new ArrayList<>();
    for (int bits = 0; bits < counts.length; bits++) {
      if (counts[bits] > 0) {
        int from = bits == 0 ? 0 : 1 << (bits - 1);
        buckets.add(new Bucket(from, bits == 0 ? 0 : 2 * (from - 1) + 1, counts[bits]));
      }
    }
    boolean empty = index.sequences() == 0;
    return new LengthHistogram(
        empty ? 0 : shortest, longest, empty ? 0 : (double) sum / index.sequences(), buckets);
  }
}
