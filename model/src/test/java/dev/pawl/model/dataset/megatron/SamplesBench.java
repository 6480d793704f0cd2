package dev.pawl.model.dataset.megatron;

import dev.pawl.model.dataset.IndexedDataset;
import dev.pawl.model.dataset.IndexedDatasetWriter;
import dev.pawl.model.dataset.PackedCorpus;
import dev.pawl.model.dataset.PackingConfig;
import dev.pawl.model.dataset.SampleOrder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;

/**
 * Rate of samples read in training order, by one thread, against a plain copy of as many bytes from
 * as many random places of the same mapped file. The two take turns; medians are printed. Run by
 * hand; the argument is the number of tokens.
 */
public final class SamplesBench {
  private static final int LENGTH = 2048;
  private static final int ROUNDS = 15;
  private static final int SAMPLES = 20_000;

  private SamplesBench() {}

  /** Prints megabytes of token file a second. */
  public static void main(String[] arguments) throws IOException {
    long tokens = arguments.length == 0 ? 100_000_000L : Long.parseLong(arguments[0]);
    Path folder = Files.createTempDirectory("samples-bench");
    try {
      write(folder.resolve("d"), tokens);
      try (IndexedDataset dataset = IndexedDataset.open(folder.resolve("d"))) {
        megatron(dataset, folder);
        packed(dataset, folder);
      }
    } finally {
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }

  private static void megatron(IndexedDataset dataset, Path folder) throws IOException {
    GptIndexRequest request =
        new GptIndexRequest("d", "train", dataset.tokens() / LENGTH - 1, LENGTH, 1234, "1");
    long start = System.nanoTime();
    GptDataset samples =
        GptDataset.open(dataset, 0, dataset.sequences(), request, new IndexCache(folder));
    System.out.printf(
        "megatron: %,d samples, indices built in %.2f s%n", samples.samples(), seconds(start));
    int[] ids = new int[samples.length()];
    compare("megatron", folder, k -> samples.read(k % samples.samples(), ids), samples.length());
  }

  private static void packed(IndexedDataset dataset, Path folder) throws IOException {
    PackedCorpus corpus =
        new PackedCorpus(dataset, new PackingConfig(LENGTH, 4, true, true, 42), 0);
    SampleOrder order = new SampleOrder(42, corpus.samples());
    int[] ids = new int[LENGTH];
    byte[] mask = new byte[LENGTH];
    compare("packed", folder, k -> corpus.sample(order.at(k), ids, mask), LENGTH);
  }

  private static void compare(String name, Path folder, Read read, int length) throws IOException {
    try (FileChannel channel = FileChannel.open(folder.resolve("d.bin"))) {
      ByteBuffer all = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size());
      byte[] copy = new byte[2 * length];
      int places = all.capacity() / copy.length;
      int[] order = new Random(1).ints(SAMPLES, 0, places).toArray();
      double[] samples = new double[ROUNDS];
      double[] copies = new double[ROUNDS];
      double megabytes = (double) SAMPLES * copy.length / 1e6;
      for (int round = -3; round < ROUNDS; round++) {
        long start = System.nanoTime();
        for (int k = 0; k < SAMPLES; k++) {
          read.read(k);
        }
        double sampled = seconds(start);
        start = System.nanoTime();
        for (int place : order) {
          all.get(place * copy.length, copy);
        }
        double copied = seconds(start);
        if (round >= 0) {
          samples[round] = megabytes / sampled;
          copies[round] = megabytes / copied;
        }
      }
      System.out.printf(
          "%s: samples %.0f MB/s, plain copy %.0f MB/s, ratio %.2f%n",
          name, median(samples), median(copies), median(samples) / median(copies));
    }
  }

  /** Reads the sample at a place of the order. */
  @FunctionalInterface
  private interface Read {
    void read(long k);
  }

  private static void write(Path prefix, long tokens) throws IOException {
    Random random = new Random(5);
    try (IndexedDatasetWriter writer = new IndexedDatasetWriter(prefix, 50_304)) {
      for (long written = 0; written < tokens; ) {
        int[] document = random.ints(50 + random.nextInt(3000), 0, 50_304).toArray();
        writer.document(document);
        written += document.length;
      }
      writer.finish();
    }
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  private static double seconds(long start) {
    return (System.nanoTime() - start) / 1e9;
  }
}
