package dev.pawl.model.dataset.megatron;

import dev.pawl.model.dataset.SentenceSource;
import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import java.io.IOException;
import java.util.List;
import java.util.Objects;

/**
 * Samples of whole sentences of one document each, in Megatron's order (megatron.md 3.10): from
 * which sentence to which, and how many tokens are wanted of them. Thread-safe.
 */
final class SentenceMapping {
  static final int COLUMNS = 3;

  private static final List<String> INDICES = List.of("sentence_idx");

  private final NpyArray rows;

  private SentenceMapping(NpyArray rows) {
    this.rows = rows;
  }

  /**
   * Opens the mapping of some documents, building it when the cache lacks it.
   *
   * @param from number of the first document
   * @param to number of the document behind the last
   * @throws PawlException DATA when no document gives a sample
   */
  static SentenceMapping open(
      SentenceSource source, long from, long to, MappingRequest request, IndexCache cache)
      throws IOException {
    if (from < 0 || from > to || to > source.documents()) {
      throw new IndexOutOfBoundsException(
          "documents %d to %d of %d".formatted(from, to, source.documents()));
    }
    SentenceMappingBuilder builder = new SentenceMappingBuilder(source, from, to, request);
    String description = request.description(content(source, from, to));
    NpyArray rows = cache.open(description, INDICES, files -> builder.build(files.get(0))).get(0);
    boolean tooFew = request.epochs() == 0 && rows.header().rows() < request.samples();
    if (rows.header().columns() != COLUMNS || tooFew) {
      throw new PawlException(
          FailureCause.DATA,
          "the cached mapping %s has %d rows of %d numbers, for %d samples of %d; remove its files"
              .formatted(
                  GptIndexRequest.key(description),
                  rows.header().rows(),
                  rows.header().columns(),
                  request.samples(),
                  COLUMNS));
    }
    return new SentenceMapping(rows);
  }

  /** Digest of document borders and sentence lengths, all of the data that a mapping depends on. */
  private static String content(SentenceSource source, long from, long to) {
    IntDigest digest = new IntDigest();
    add(digest, source, from, to);
    return digest.hex();
  }

  static void add(IntDigest digest, SentenceSource source, long from, long to) {
    for (long document = from; document <= to; document++) {
      digest.add(source.documentStart(document));
    }
    int end = source.documentStart(to);
    for (int i = source.documentStart(from); i < end; i++) {
      digest.add(source.length(i));
    }
  }

  long samples() {
    return rows.header().rows();
  }

  /** Number of a sample's first sentence. */
  int first(long sample) {
    return (int) get(sample, 0);
  }

  /** Number of the sentence behind a sample's last. */
  int end(long sample) {
    return (int) get(sample, 1);
  }

  /** Tokens wanted of a sample, without special ones. */
  int target(long sample) {
    return (int) get(sample, 2);
  }

  private long get(long sample, int column) {
    return rows.get(COLUMNS * Objects.checkIndex(sample, samples()) + column);
  }
}
