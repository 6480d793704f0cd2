package dev.pawl.model.dataset.megatron;

import dev.pawl.model.dataset.RandomState;
import dev.pawl.model.dataset.SentenceSource;
import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import java.io.IOException;

/** T5's samples of a part of a dataset of sentences (megatron.md 3.10, 3.12). Thread-safe. */
public final class T5Dataset {
  private static final long SEEDS = 1L << 32;

  private final SentenceMapping mapping;
  private final SentenceReader reader;
  private final T5ExampleBuilder builder;
  private final long seed;

  private T5Dataset(
      SentenceMapping mapping, SentenceReader reader, T5ExampleBuilder builder, long seed) {
    this.mapping = mapping;
    this.reader = reader;
    this.builder = builder;
    this.seed = seed;
  }

  /**
   * Opens the samples of some documents, building their mapping when the cache lacks it.
   *
   * @param from number of the first document
   * @param to number of the document behind the last
   * @param request whose seq-length is the encoder's
   * @param decoderLength tokens of a sample in the decoder, with padding
   * @throws PawlException CONFIG when the vocabulary lacks special tokens or sentinels; DATA when
   *     no document gives a sample
   */
  public static T5Dataset open(
      SentenceSource source,
      long from,
      long to,
      SentenceSamplesRequest request,
      int decoderLength,
      PieceVocabulary vocabulary,
      IndexCache cache)
      throws IOException {
    T5ExampleBuilder builder =
        new T5ExampleBuilder(vocabulary, request.seqLength(), decoderLength, request.maskShare());
    MappingRequest mapping = request.mapping(T5ExampleBuilder.SPECIAL_TOKENS, 1);
    return new T5Dataset(
        SentenceMapping.open(source, from, to, mapping, cache),
        new SentenceReader(source, vocabulary.size()),
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
   * @throws PawlException DATA when a token is not of the vocabulary; CONFIG when the sample takes
   *     more sentinels or more of the decoder than there is
   */
  public T5Example sample(long index) {
    if (seed + index >= SEEDS) {
      throw new PawlException(
          FailureCause.CONFIG,
          "sample %d and seed %d add up to more than 32 bits, which T5's samples are not defined for; use a lower seed"
              .formatted(index, seed));
    }
    return builder.build(
        reader.read(mapping.first(index), mapping.end(index)),
        mapping.target(index),
        new RandomState(seed + index));
  }
}
