package dev.pawl.model.generation;

import dev.pawl.model.random.Seeds;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The tokens of the sequences that are generated together, padded on the left to whole blocks. Rows
 * are the sequences that the caches hold; some of them may have ended.
 */
final class Batch {
  private final GenerationSettings settings;
  private final int unit;
  private final int prompt;
  private final int newTokens;
  private final int width;
  private final long first;

  // By sequence, counted from the first.
  private final long[][] ids;
  private final int[] pads;
  private final int[] lengths;
  private final long[] streams;

  private int[] rows;
  private int read;
  private int end;
  private int made;

  Batch(List<long[]> prompts, int newTokens, int unit, GenerationSettings settings, long first) {
    this.settings = settings;
    this.unit = unit;
    this.newTokens = newTokens;
    this.first = first;
    int longest = prompts.stream().mapToInt(p -> p.length).max().orElseThrow();
    prompt = roundUp(longest, unit);
    width = prompt + roundUp(newTokens, unit);
    end = prompt;
    ids = new long[prompts.size()][width];
    pads = new int[ids.length];
    lengths = new int[ids.length];
    streams = new long[ids.length];
    rows = new int[ids.length];
    for (int i = 0; i < ids.length; i++) {
      long[] given = prompts.get(i);
      pads[i] = prompt - given.length;
      System.arraycopy(given, 0, ids[i], pads[i], given.length);
      lengths[i] = newTokens;
      streams[i] = Seeds.derive(settings.seed(), "sampling", first + i);
      rows[i] = i;
    }
  }

  private static int roundUp(int value, int unit) {
    return (value + unit - 1) / unit * unit;
  }

  /** Places of a whole sequence, padding and whole last block included. */
  int width() {
    return width;
  }

  int rows() {
    return rows.length;
  }

  /** Places read before the next step. */
  int read() {
    return read;
  }

  /** Tokens that the next step makes. */
  int count() {
    return Math.min(unit, newTokens - made);
  }

  /** Tokens of each row that the next step reads. */
  int idsEach() {
    return end - read;
  }

  /** What it reads, row-major. */
  long[] ids() {
    long[] flat = new long[rows.length * idsEach()];
    for (int row = 0; row < rows.length; row++) {
      System.arraycopy(ids[rows[row]], read, flat, row * idsEach(), idsEach());
    }
    return flat;
  }

  long[] pads() {
    return Arrays.stream(rows).mapToLong(sequence -> pads[sequence]).toArray();
  }

  boolean padded() {
    return Arrays.stream(rows).anyMatch(sequence -> pads[sequence] > 0);
  }

  /** A function of seed, sequence and place alone: neither batch nor block length matters. */
  double[] draws() {
    double[] draws = new double[rows.length * count()];
    if (settings.temperature() > 0) {
      for (int row = 0; row < rows.length; row++) {
        for (int i = 0; i < count(); i++) {
          draws[row * count() + i] = Seeds.unit(streams[rows[row]], made + i);
        }
      }
    }
    return draws;
  }

  /** Takes the tokens of a step, row-major. */
  void take(long[] found, GenerationListener listener) {
    int count = count();
    for (int row = 0; row < rows.length; row++) {
      int sequence = rows[row];
      if (ended(sequence)) {
        continue;
      }
      System.arraycopy(found, row * count, ids[sequence], end, count);
      for (int i = 0; i < count; i++) {
        boolean ends =
            settings.endOfText().isPresent()
                && found[row * count + i] == settings.endOfText().getAsInt();
        if (ends) {
          lengths[sequence] = made + i + 1;
          break;
        }
      }
      int taken = Math.min(count, lengths[sequence] - made);
      listener.made(first + sequence, Arrays.copyOfRange(ids[sequence], end, end + taken));
    }
    made += count;
    read = end;
    end += unit;
  }

  private boolean ended(int sequence) {
    return lengths[sequence] <= made;
  }

  boolean finished() {
    return staying() == 0;
  }

  /** Rows whose sequences go on. */
  int staying() {
    return stayingRows().length;
  }

  long[] stayingRows() {
    List<Integer> staying = new ArrayList<>();
    for (int row = 0; row < rows.length; row++) {
      if (!ended(rows[row])) {
        staying.add(row);
      }
    }
    return staying.stream().mapToLong(Integer::longValue).toArray();
  }

  /** Whether enough rows have ended to be worth a copy of the caches: an eighth. */
  boolean mayShrink() {
    return staying() <= rows.length - Math.max(1, rows.length / 8);
  }

  /** Leaves those rows that have ended out. */
  void shrink() {
    rows = Arrays.stream(stayingRows()).mapToInt(row -> rows[Math.toIntExact(row)]).toArray();
  }

  List<long[]> results() {
    List<long[]> results = new ArrayList<>();
    for (int i = 0; i < ids.length; i++) {
      results.add(Arrays.copyOfRange(ids[i], prompt, prompt + lengths[i]));
    }
    return results;
  }
}
