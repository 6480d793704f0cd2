package dev.pawl.model.dataset.megatron;

import dev.pawl.model.dataset.MersenneTwister;
import dev.pawl.model.dataset.MersenneTwister64;
import dev.pawl.model.dataset.SentenceSource;
import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Builds the mapping of samples to sentences on the disk (megatron.md 3.10). The documents are
 * walked twice with the same random numbers: once to count, once to write.
 */
final class SentenceMappingBuilder {
  /** A document of several sentences is left out when one of them is longer. */
  static final int LONGEST_SENTENCE = 512;

  private static final long WORD = 0xffffffffL;

  private final SentenceSource source;
  private final long from;
  private final long to;
  private final MappingRequest request;
  private final int shortSeqRatio;
  private MersenneTwister random;
  private long samples;

  SentenceMappingBuilder(SentenceSource source, long from, long to, MappingRequest request) {
    this.source = source;
    this.from = from;
    this.to = to;
    this.request = request;
    this.shortSeqRatio = request.shortSeqRatio();
    this.random = new MersenneTwister(request.seed());
  }

  /** Takes a sample: its first sentence, the one behind its last, its target length. */
  @FunctionalInterface
  private interface Sink {
    void add(int first, int end, int target) throws IOException;
  }

  void build(Path file) throws IOException {
    long count = walk((first, end, target) -> {});
    // Sequences are numbered by int here, so that the 64-bit kind never arises.
    NpyHeader header = new NpyHeader(NpyType.UINT32, count, SentenceMapping.COLUMNS);
    try (NpyWriter writer = new NpyWriter(file, header)) {
      walk(
          (first, end, target) -> {
            writer.add(first);
            writer.add(end);
            writer.add(target);
          });
      writer.finish();
    }
    shuffle(file, SentenceMapping.COLUMNS, request.seed());
  }

  private long walk(Sink sink) throws IOException {
    random = new MersenneTwister(request.seed());
    samples = 0;
    long epochs = request.epochs() == 0 ? Long.MAX_VALUE : request.epochs();
    long wanted = request.samples() == 0 ? Long.MAX_VALUE : request.samples();
    // The last epoch is read to its end, whatever is wanted.
    for (long epoch = 0; epoch < epochs && samples < wanted; epoch++) {
      for (long document = from; document < to; document++) {
        int first = source.documentStart(document);
        int end = source.documentStart(document + 1);
        if (end - first >= request.minSentences() && !hasLongSentence(first, end)) {
          document(first, end, sink);
        }
      }
      if (samples == 0) {
        throw new PawlException(
            FailureCause.DATA,
            "documents %d to %d give no sample: none has %d sentences or more, each of at most %d tokens; split the text into sentences, or give more documents"
                .formatted(from, to, request.minSentences(), LONGEST_SENTENCE));
      }
    }
    return samples;
  }

  private boolean hasLongSentence(int first, int end) {
    return end - first > 1 && hasLongSentence(source, first, end);
  }

  static boolean hasLongSentence(SentenceSource source, int first, int end) {
    for (int i = first; i < end; i++) {
      if (source.length(i) > LONGEST_SENTENCE) {
        return true;
      }
    }
    return false;
  }

  private void document(int first, int end, Sink sink) throws IOException {
    int begin = first;
    int length = 0;
    int target = target();
    for (int i = first; i < end; i++) {
      length += source.length(i);
      int remaining = end - i - 1;
      boolean full = length >= target && remaining > 1 && i + 1 - begin >= request.minSentences();
      if (full || remaining == 0) {
        sink.add(begin, i + 1, target);
        samples++;
        begin = i + 1;
        length = 0;
        // Drawn behind the last sample of a document too, and not used there.
        target = target();
      }
    }
  }

  private int target() {
    if (shortSeqRatio == 0) {
      return request.maxLength();
    }
    long drawn = random.nextInt32() & WORD;
    return drawn % shortSeqRatio == 0
        ? 2 + (int) (drawn % (request.maxLength() - 1))
        : request.maxLength();
  }

  /** Shuffles the rows of a file by the 64-bit generator of the seed behind that of the mapping. */
  static void shuffle(Path file, int columns, long seed) throws IOException {
    NpyArray rows = NpyArray.change(file);
    MersenneTwister64 draws = new MersenneTwister64(seed + 1);
    for (long i = rows.header().rows() - 1; i > 0; i--) {
      long j = Long.remainderUnsigned(draws.nextInt64(), i + 1);
      for (int column = 0; column < columns; column++) {
        rows.swap(columns * i + column, columns * j + column);
      }
    }
    rows.force();
  }
}
