package dev.pawl.model.dataset.megatron;

import dev.pawl.model.dataset.DocumentSource;
import dev.pawl.model.dataset.IndexedDataset;
import dev.pawl.model.dataset.IndexedDatasetWriter;
import dev.pawl.model.dataset.JoinedDocuments;
import dev.pawl.model.dataset.PackedCorpus;
import dev.pawl.model.dataset.PackingConfig;
import dev.pawl.model.dataset.SampleOrder;
import dev.pawl.model.dataset.Samples;
import dev.pawl.model.dataset.TokenBuffer;
import dev.pawl.model.dataset.TokenType;
import dev.pawl.model.torch.TensorScope;
import dev.pawl.model.torch.Torch;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.LongUnaryOperator;
import java.util.stream.Stream;

/**
 * Rate of samples read in training order into batches, as the trainer does it, by one thread,
 * against plain copies out of the same mapped file: of the very bytes of these samples, whose
 * places were written down before, and of as many bytes from as many whole pages at random. The
 * three take turns; medians of processor time are printed. A batch counts with its mask and all
 * index look-ups, and once more with its tensors. Run by hand; the argument is the number of
 * tokens.
 */
public final class SamplesBench {
  private static final int LENGTH = 2048;
  private static final int BATCH = 8;
  private static final int ROUNDS = 15;
  private static final int SAMPLES = 20_000;

  private SamplesBench() {}

  /** Prints megabytes of token file a second. */
  public static void main(String[] arguments) throws IOException {
    Torch.start(1);
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
    long start = cpuTime();
    // Several datasets are read as one: training goes through the same join.
    RecordedReads reads = new RecordedReads(dataset);
    DocumentSource documents = new JoinedDocuments(List.of(reads));
    GptDataset samples =
        GptDataset.open(documents, 0, documents.sequences(), request, new IndexCache(folder));
    System.out.printf(
        "megatron: %,d samples, indices built in %.2f s%n", samples.samples(), seconds(start));
    compare("megatron", folder, new MegatronSamples(samples, true), k -> k, reads);
  }

  private static void packed(IndexedDataset dataset, Path folder) throws IOException {
    for (boolean padded : new boolean[] {false, true}) {
      RecordedReads reads = new RecordedReads(dataset);
      PackedCorpus corpus =
          new PackedCorpus(
              new JoinedDocuments(List.of(reads)),
              new PackingConfig(LENGTH, 4, padded, padded, 42),
              0);
      SampleOrder order = new SampleOrder(42, corpus.samples());
      compare(padded ? "packed, padded to blocks" : "packed", folder, corpus, order::at, reads);
    }
  }

  private static void compare(
      String name, Path folder, Samples samples, LongUnaryOperator order, RecordedReads reads)
      throws IOException {
    int length = samples.length();
    Pieces pieces = reads.during(() -> batches(samples, order, (ids, mask) -> {}));
    try (FileChannel channel = FileChannel.open(folder.resolve("d.bin"));
        TensorScope tensors = Torch.scope()) {
      ByteBuffer all = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size());
      byte[] copy = new byte[2 * length];
      ByteBuffer target = ByteBuffer.allocateDirect(BATCH * copy.length);
      int[] places = new Random(1).ints(SAMPLES, 0, all.capacity() / copy.length).toArray();
      double[] read = new double[ROUNDS];
      double[] made = new double[ROUNDS];
      double[] copied = new double[ROUNDS];
      double[] paged = new double[ROUNDS];
      double[] ratios = new double[ROUNDS];
      double[] pagedRatios = new double[ROUNDS];
      double megabytes = (double) SAMPLES * copy.length / 1e6;
      for (int round = -3; round < ROUNDS; round++) {
        double sampled = batches(samples, order, (ids, mask) -> {});
        long start = cpuTime();
        pieces.copy(all, target);
        double plain = seconds(start);
        start = cpuTime();
        for (int place : places) {
          all.get(place * copy.length, copy);
        }
        double pages = seconds(start);
        double asTensors =
            batches(
                samples,
                order,
                (ids, mask) -> {
                  try (TensorScope step = tensors.child()) {
                    step.ids(ids.bytes(), BATCH, length);
                    step.mask(mask, BATCH, length);
                  }
                });
        if (round >= 0) {
          read[round] = megabytes / sampled;
          made[round] = megabytes / asTensors;
          copied[round] = megabytes / plain;
          paged[round] = megabytes / pages;
          ratios[round] = plain / sampled;
          pagedRatios[round] = pages / sampled;
        }
      }
      System.out.printf(
          "%s: samples %.0f MB/s; copy of the same bytes %.0f MB/s, ratio %.2f (%.2f to %.2f);"
              + " copy of random pages %.0f MB/s, ratio %.2f; tensors %.0f MB/s%n",
          name,
          median(read),
          median(copied),
          median(ratios),
          Arrays.stream(ratios).min().orElseThrow(),
          Arrays.stream(ratios).max().orElseThrow(),
          median(paged),
          median(pagedRatios),
          median(made));
    }
  }

  /** Seconds for batches of samples one after another. */
  private static double batches(Samples samples, LongUnaryOperator order, Use use) {
    TokenBuffer ids = new TokenBuffer(samples.bufferType(), BATCH * samples.length());
    byte[] mask = new byte[BATCH * samples.length()];
    long start = cpuTime();
    for (int first = 0; first < SAMPLES; first += BATCH) {
      for (int i = 0; i < BATCH; i++) {
        long sample = order.applyAsLong((first + i) % samples.samples());
        samples.sample(sample, ids, mask, i * samples.length());
      }
      use.accept(ids, mask);
    }
    return seconds(start);
  }

  /** Ranges of a file in the order in which they were read. */
  private static final class Pieces {
    private final int[] offsets;
    private final int[] bytes;

    Pieces(List<int[]> pieces) {
      offsets = pieces.stream().mapToInt(p -> p[0]).toArray();
      bytes = pieces.stream().mapToInt(p -> p[1]).toArray();
    }

    /** Copies all, filling the target again and again. */
    void copy(ByteBuffer from, ByteBuffer target) {
      int at = 0;
      for (int i = 0; i < offsets.length; i++) {
        if (at + bytes[i] > target.capacity()) {
          at = 0;
        }
        target.put(at, from, offsets[i], bytes[i]);
        at += bytes[i];
      }
    }
  }

  /** The dataset, which on request notes what is read of it. */
  private static final class RecordedReads implements DocumentSource {
    private final IndexedDataset dataset;
    private final List<int[]> pieces = new ArrayList<>();
    private boolean recording;

    RecordedReads(IndexedDataset dataset) {
      this.dataset = dataset;
    }

    Pieces during(Runnable reading) {
      recording = true;
      reading.run();
      recording = false;
      return new Pieces(pieces);
    }

    @Override
    public int sequences() {
      return dataset.sequences();
    }

    @Override
    public int length(int sequence) {
      return dataset.length(sequence);
    }

    @Override
    public TokenType bufferType() {
      return dataset.bufferType();
    }

    @Override
    public void read(int sequence, int offset, int length, int[] destination, int at) {
      dataset.read(sequence, offset, length, destination, at);
    }

    @Override
    public void read(int sequence, int offset, int length, TokenBuffer destination, int at) {
      if (recording) {
        pieces.add(new int[] {2 * (int) (dataset.start(sequence) + offset), 2 * length});
      }
      dataset.read(sequence, offset, length, destination, at);
    }

    @Override
    public int readUpTo(int sequence, int offset, int most, TokenBuffer destination, int at) {
      return recording
          ? DocumentSource.super.readUpTo(sequence, offset, most, destination, at)
          : dataset.readUpTo(sequence, offset, most, destination, at);
    }
  }

  /** What is done with a batch. */
  @FunctionalInterface
  private interface Use {
    void accept(TokenBuffer ids, byte[] mask);
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

  /** Of this thread, so that a busy machine does not decide. */
  private static long cpuTime() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  private static double seconds(long start) {
    return (cpuTime() - start) / 1e9;
  }
}
