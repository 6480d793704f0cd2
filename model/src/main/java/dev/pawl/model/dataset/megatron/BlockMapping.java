package dev.pawl.model.dataset.megatron;

import dev.pawl.model.dataset.DocumentSource;
import dev.pawl.model.dataset.SentenceSource;
import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * Blocks of sentences of one titled document each, in Megatron's order (megatron.md 8): from which
 * sentence to which, the document, the number of the block within its epoch. Thread-safe.
 *
 * <p>Documents are numbered in the whole dataset. The reference numbers them within the part, and
 * so gives the blocks of all parts but the first the titles of other documents.
 */
final class BlockMapping {
  static final int COLUMNS = 4;

  private static final List<String> INDICES = List.of("block_idx");

  private final NpyArray rows;

  private BlockMapping(NpyArray rows) {
    this.rows = rows;
  }

  /**
   * Opens the blocks of some documents, building them when the cache lacks them.
   *
   * @param titles of all documents of the source, one sequence each
   * @param from number of the first document
   * @param to number of the document behind the last
   * @param request whose longest target is that of a block without a title; its probability of
   *     short samples must be 0
   * @throws PawlException DATA when titles and documents do not match, or there is no block
   */
  static BlockMapping open(
      SentenceSource source,
      DocumentSource titles,
      long from,
      long to,
      MappingRequest request,
      IndexCache cache)
      throws IOException {
    if (titles.sequences() != source.documents()) {
      throw new PawlException(
          FailureCause.DATA,
          "%d titles are given for %d documents; tokenize both keys of the same lines"
              .formatted(titles.sequences(), source.documents()));
    }
    if (request.shortSeqProbability() != 0) {
      throw new IllegalArgumentException("blocks have no random lengths");
    }
    Objects.checkFromToIndex(from, to, source.documents());
    IntDigest digest = new IntDigest();
    for (long document = from; document < to; document++) {
      digest.add(titles.length((int) document));
    }
    SentenceMapping.add(digest, source, from, to);
    Builder builder = new Builder(source, titles, from, to, request);
    String description = "Blocks\n\n" + request.description(digest.hex());
    return new BlockMapping(
        cache.open(description, INDICES, files -> builder.build(files.get(0))).get(0));
  }

  long samples() {
    return rows.header().rows();
  }

  /** Number of a block's first sentence. */
  int first(long sample) {
    return (int) get(sample, 0);
  }

  /** Number of the sentence behind a block's last. */
  int end(long sample) {
    return (int) get(sample, 1);
  }

  /** Number of a block's document, and of its title. */
  int document(long sample) {
    return (int) get(sample, 2);
  }

  /** Number of a block; it is the same in every epoch. */
  int block(long sample) {
    return (int) get(sample, 3);
  }

  private long get(long sample, int column) {
    return rows.get(COLUMNS * Objects.checkIndex(sample, samples()) + column);
  }

  /** Takes a block. */
  @FunctionalInterface
  private interface Sink {
    void add(int first, int end, long document, int block) throws IOException;
  }

  private record Builder(
      SentenceSource source, DocumentSource titles, long from, long to, MappingRequest request) {

    void build(Path file) throws IOException {
      long count = walk((first, end, document, block) -> {});
      try (NpyWriter writer = new NpyWriter(file, new NpyHeader(NpyType.UINT32, count, COLUMNS))) {
        walk(
            (first, end, document, block) -> {
              writer.add(first);
              writer.add(end);
              writer.add(document);
              writer.add(block);
            });
        writer.finish();
      }
      SentenceMappingBuilder.shuffle(file, COLUMNS, request.seed());
    }

    private long walk(Sink sink) throws IOException {
      long count = 0;
      long epochs = request.epochs() == 0 ? Long.MAX_VALUE : request.epochs();
      long wanted = request.samples() == 0 ? Long.MAX_VALUE : request.samples();
      for (long epoch = 0; epoch < epochs && count < wanted; epoch++) {
        int block = 0;
        for (long document = from; document < to; document++) {
          block = document(document, block, sink);
        }
        if (block == 0) {
          throw new PawlException(
              FailureCause.DATA,
              "documents %d to %d give no block: none has %d sentences or more, each of at most %d tokens"
                  .formatted(
                      from, to, request.minSentences(), SentenceMappingBuilder.LONGEST_SENTENCE));
        }
        count += block;
      }
      return count;
    }

    private int document(long document, int before, Sink sink) throws IOException {
      int begin = source.documentStart(document);
      int end = source.documentStart(document + 1);
      int fewest = request.minSentences();
      if (end - begin < fewest || SentenceMappingBuilder.hasLongSentence(source, begin, end)) {
        return before;
      }
      int block = before;
      int target = request.maxLength() - titles.length((int) document);
      int length = 0;
      for (int i = begin; i < end; i++) {
        length += source.length(i);
        int remaining = end - i - 1;
        boolean full = length >= target && remaining >= fewest && i + 1 - begin >= fewest;
        if (full || remaining == 0) {
          sink.add(begin, i + 1, document, block++);
          begin = i + 1;
          length = 0;
        }
      }
      return block;
    }
  }
}
