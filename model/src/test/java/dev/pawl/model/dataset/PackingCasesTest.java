package dev.pawl.model.dataset;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Packing against the published program and against its own rule (block-transformer.md 5.5).
 *
 * <p>{@code packing-cases.txt} was written by running the published class on random documents: a
 * line of document lengths, sample length, block length, the two flags and the seed, then ids and
 * mask of each sample; tokens count from 100.
 */
class PackingCasesTest {
  private static final int FIRST_TOKEN = 100;
  private static final int ROUNDS = 2000;

  @Test
  void samplesAreThoseOfThePublishedProgram() throws IOException {
    String[] cases = resource().split("\n\n", -1);
    int compared = 0;
    for (String each : cases) {
      if (each.isBlank()) {
        continue;
      }
      List<String> lines = each.strip().lines().toList();
      String[] words = lines.get(0).split(" ", -1);
      PackingConfig config =
          new PackingConfig(
              Integer.parseInt(words[1]),
              Integer.parseInt(words[2]),
              Boolean.parseBoolean(words[3]),
              Boolean.parseBoolean(words[4]),
              Long.parseLong(words[5]));
      PackedCorpus corpus = new PackedCorpus(new Documents(numbers(words[0], ",")), config, 0);
      assertEquals((lines.size() - 1) / 2, corpus.samples(), lines.get(0));
      for (int j = 0; j < corpus.samples(); j++) {
        int[] ids = new int[config.maxLength()];
        byte[] mask = new byte[config.maxLength()];
        corpus.sample(j, ids, mask);
        assertArrayEquals(numbers(lines.get(1 + 2 * j), " "), ids, lines.get(0));
        assertArrayEquals(numbers(lines.get(2 + 2 * j), " "), wide(mask), lines.get(0));
        compared++;
      }
    }
    assertTrue(compared > 20, "only " + compared);
  }

  @Test
  void samplesAreSlicesOfThePaddedStream() {
    Random random = new Random(11);
    for (int round = 0; round < ROUNDS; round++) {
      int block = 1 << random.nextInt(4);
      boolean pad = random.nextBoolean();
      boolean boundary = random.nextBoolean();
      PackingConfig config =
          new PackingConfig(block * (1 + random.nextInt(6)), block, pad, boundary, round);
      int[] lengths = random.ints(1 + random.nextInt(20), 0, 15).toArray();
      int[][] stream = stream(lengths, config);
      if (stream[0].length < config.maxLength()) {
        continue;
      }
      PackedCorpus corpus = new PackedCorpus(new Documents(lengths), config, 7);
      assertEquals(stream[0].length / config.maxLength(), corpus.samples());
      for (int j = 0; j < corpus.samples(); j++) {
        int[] ids = new int[config.maxLength()];
        byte[] mask = new byte[config.maxLength()];
        corpus.sample(j, ids, mask);
        int from = j * config.maxLength();
        int to = from + config.maxLength();
        int[] wantedIds = Arrays.copyOfRange(stream[0], from, to);
        int[] wantedMask = Arrays.copyOfRange(stream[1], from, to);
        for (int i = 0; i < config.maxLength() - 1; i++) {
          // The published rule: such an end of text is lost unless it ends the sample.
          if (stream[2][from + i] == 1) {
            wantedIds[i] = 0;
            wantedMask[i] = 0;
          }
        }
        assertArrayEquals(wantedIds, ids, config + " " + Arrays.toString(lengths));
        assertArrayEquals(wantedMask, wide(mask), config + " " + Arrays.toString(lengths));
      }
    }
  }

  /** Ids, mask, and 1 where an end of text needs no padding behind it though it is asked for. */
  private static int[][] stream(int[] lengths, PackingConfig config) {
    LeftPads pads = new LeftPads(config.seed(), config.randomPad() ? config.blockLength() : 1);
    IntStream.Builder ids = IntStream.builder();
    IntStream.Builder mask = IntStream.builder();
    IntStream.Builder lost = IntStream.builder();
    int token = FIRST_TOKEN;
    for (int length : lengths) {
      int left = pads.next();
      int right = 0;
      while (config.padToBoundary() && (left + length + 1 + right) % config.blockLength() != 0) {
        right++;
      }
      for (int i = 0; i < left + length + 1 + right; i++) {
        boolean end = i == left + length;
        boolean real = i >= left && i <= left + length;
        ids.add(end ? 7 : real ? token++ : 0);
        mask.add(real ? 1 : 0);
        lost.add(end && config.padToBoundary() && right == 0 ? 1 : 0);
      }
    }
    return new int[][] {ids.build().toArray(), mask.build().toArray(), lost.build().toArray()};
  }

  private static String resource() throws IOException {
    try (InputStream in = PackingCasesTest.class.getResourceAsStream("packing-cases.txt")) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static int[] wide(byte[] mask) {
    return IntStream.range(0, mask.length).map(i -> mask[i]).toArray();
  }

  private static int[] numbers(String text, String separator) {
    return Arrays.stream(text.split(separator, -1)).mapToInt(Integer::parseInt).toArray();
  }

  /** Documents whose tokens count from 100 on. */
  private static final class Documents implements DocumentSource {
    private final int[] lengths;

    Documents(int[] lengths) {
      this.lengths = lengths;
    }

    @Override
    public int sequences() {
      return lengths.length;
    }

    @Override
    public int length(int sequence) {
      return lengths[sequence];
    }

    @Override
    public void read(int sequence, int offset, int length, int[] destination, int at) {
      int first = FIRST_TOKEN + Arrays.stream(lengths, 0, sequence).sum() + offset;
      for (int i = 0; i < length; i++) {
        destination[at + i] = first + i;
      }
    }
  }
}
