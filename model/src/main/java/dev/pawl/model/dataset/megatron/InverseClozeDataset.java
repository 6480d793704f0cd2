package dev.pawl.model.dataset.megatron;

import dev.pawl.model.dataset.DocumentSource;
import dev.pawl.model.dataset.PythonRandom;
import dev.pawl.model.dataset.SentenceSource;
import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import java.io.IOException;

/**
 * Sentences and the blocks that they are out of, from a part of a dataset of titled documents
 * (megatron.md 8). Thread-safe.
 *
 * <p>Sample k is drawn with seed + k. The reference draws all samples of a process from one
 * generator, so that its samples depend on what was read before; here they never do.
 */
public final class InverseClozeDataset {
  private final BlockMapping mapping;
  private final SentenceReader sentences;
  private final SentenceReader titles;
  private final InverseClozeBuilder builder;
  private final long seed;

  private InverseClozeDataset(
      BlockMapping mapping,
      SentenceReader sentences,
      SentenceReader titles,
      InverseClozeBuilder builder,
      long seed) {
    this.mapping = mapping;
    this.sentences = sentences;
    this.titles = titles;
    this.builder = builder;
    this.seed = seed;
  }

  /**
   * Opens the samples of some documents, building their mapping when the cache lacks it.
   *
   * @param titles of all documents of the source, one sequence each
   * @param from number of the first document
   * @param to number of the document behind the last
   * @param request whose share is that of samples whose block keeps the sentence, such as 0.1, and
   *     whose probability of short samples is 0
   * @param oneSentence whether a block may be one sentence
   * @throws PawlException CONFIG when the vocabulary lacks a special token or short samples are
   *     asked for; DATA when titles and documents do not match, or there is no block
   */
  public static InverseClozeDataset open(
      SentenceSource source,
      DocumentSource titles,
      long from,
      long to,
      SentenceSamplesRequest request,
      boolean oneSentence,
      PieceVocabulary vocabulary,
      IndexCache cache)
      throws IOException {
    if (request.shortSeqProbability() != 0) {
      throw new PawlException(
          FailureCause.CONFIG,
          "short_seq_prob is %s, but blocks have no random lengths; set it to 0"
              .formatted(request.shortSeqProbability()));
    }
    InverseClozeBuilder builder =
        new InverseClozeBuilder(vocabulary, request.seqLength(), request.maskShare());
    MappingRequest mapping =
        request.mapping(InverseClozeBuilder.SPECIAL_TOKENS, oneSentence ? 1 : 2);
    return new InverseClozeDataset(
        BlockMapping.open(source, titles, from, to, mapping, cache),
        new SentenceReader(source, vocabulary.size()),
        new SentenceReader(titles, vocabulary.size()),
        builder,
        request.seed());
  }

  /** Number of samples. */
  public long samples() {
    return mapping.samples();
  }

  /**
   * The sample at a place of the order, always the same.
   *
   * @throws PawlException DATA when a token is not of the vocabulary; CONFIG when a title leaves
   *     the block no room
   */
  public InverseClozeExample sample(long index) {
    int document = mapping.document(index);
    return builder.build(
        sentences.read(mapping.first(index), mapping.end(index)),
        titles.read(document, document + 1).get(0),
        new PythonRandom(seed + index));
  }
}
