package dev.pawl.model.dataset.megatron;

import dev.pawl.model.dataset.DocumentSource;
import dev.pawl.model.dataset.RandomState;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Builds the three indices of a GPT dataset on the disk (megatron.md 3.5, steps 3 to 6). Nothing is
 * held on the heap, whatever the number of samples.
 */
final class GptIndexBuilder {
  /** From here on numbers of samples take 64 bits. */
  private static final long WIDE_SHUFFLE = (1L << 32) - 2;

  private final DocumentSource documents;
  private final int first;
  private final GptPlan plan;
  private final RandomState random;

  /**
   * A builder, for one build.
   *
   * @param documents of the part alone
   * @param first number, in the whole dataset, of the part's first document
   */
  GptIndexBuilder(DocumentSource documents, int first, GptPlan plan, long seed) {
    this.documents = documents;
    this.first = first;
    this.plan = plan;
    this.random = new RandomState(seed);
  }

  /** Writes the files; the order matters, for both shuffles draw from one generator. */
  void build(Path documentIndex, Path sampleIndex, Path shuffleIndex) throws IOException {
    documentIndex(documentIndex);
    sampleIndex(documentIndex, sampleIndex);
    shuffleIndex(shuffleIndex);
  }

  private void documentIndex(Path file) throws IOException {
    long epochs = plan.epochs();
    int count = documents.sequences();
    try (NpyWriter writer =
        new NpyWriter(file, new NpyHeader(NpyType.INT32, Math.multiplyExact(epochs, count), 1))) {
      for (long epoch = 0; epoch < epochs; epoch++) {
        for (int i = 0; i < count; i++) {
          writer.add(first + i);
        }
      }
      writer.finish();
    }
    shuffle(file, plan.separateLastEpoch() ? (epochs - 1) * count : epochs * count);
  }

  private void sampleIndex(Path documentIndex, Path file) throws IOException {
    NpyArray order = NpyArray.open(documentIndex);
    boolean wide = order.header().rows() > Integer.MAX_VALUE;
    NpyType type = wide ? NpyType.INT64 : NpyType.INT32;
    try (NpyWriter writer = new NpyWriter(file, new NpyHeader(type, plan.samples() + 1, 2))) {
      long position = 0;
      int offset = 0;
      writer.add(0);
      writer.add(0);
      for (long sample = 0; sample < plan.samples(); sample++) {
        long remaining = plan.seqLength() + 1L;
        while (remaining > 0) {
          int available = documents.length((int) order.get(position) - first) - offset;
          if (available >= remaining) {
            // The next sample begins with the last token of this one.
            offset += (int) remaining - 1;
            remaining = 0;
          } else {
            remaining -= available;
            position++;
            offset = 0;
          }
        }
        writer.add(position);
        writer.add(offset);
      }
      writer.finish();
    }
  }

  private void shuffleIndex(Path file) throws IOException {
    long samples = plan.samples();
    NpyType type = samples >= WIDE_SHUFFLE ? NpyType.INT64 : NpyType.UINT32;
    try (NpyWriter writer = new NpyWriter(file, new NpyHeader(type, samples, 1))) {
      for (long i = 0; i < samples; i++) {
        writer.add(i);
      }
      writer.finish();
    }
    shuffle(file, plan.separateLastEpoch() ? plan.earlierSamples() : samples);
  }

  /** Shuffles what is before the border, then what is behind it. */
  private void shuffle(Path file, long border) throws IOException {
    NpyArray array = NpyArray.change(file);
    random.shuffle(border, array::swap);
    random.shuffle(array.header().rows() - border, (i, j) -> array.swap(border + i, border + j));
    array.force();
  }
}
