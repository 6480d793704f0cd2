package dev.pawl.model.dataset.megatron;

import dev.pawl.model.dataset.RandomState;
import dev.pawl.model.dataset.SentenceSource;
import dev.pawl.model.failure.PawlException;
import java.io.IOException;

/** BERT's samples of a part of a dataset of sentences (megatron.md 3.10, 3.11). Thread-safe. */
public final class BertDataset {
  private final SentenceMapping mapping;
  private final SentenceReader reader;
  private final BertExampleBuilder builder;
  private final long seed;

  private BertDataset(
      SentenceMapping mapping, SentenceReader reader, BertExampleBuilder builder, long seed) {
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
   * @param binaryHead whether samples have two segments, whose order is to be told
   * @throws PawlException CONFIG when the vocabulary lacks a special token; DATA when no document
   *     gives a sample
   */
  public static BertDataset open(
      SentenceSource source,
      long from,
      long to,
      SentenceSamplesRequest request,
      PieceVocabulary vocabulary,
      boolean binaryHead,
      IndexCache cache)
      throws IOException {
    BertExampleBuilder builder =
        new BertExampleBuilder(vocabulary, request.seqLength(), request.maskShare(), binaryHead);
    MappingRequest mapping = request.mapping(BertExampleBuilder.SPECIAL_TOKENS, binaryHead ? 2 : 1);
    return new BertDataset(
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
   * @throws PawlException DATA when a token is not of the vocabulary
   */
  public BertExample sample(long index) {
    return builder.build(
        reader.read(mapping.first(index), mapping.end(index)),
        mapping.target(index),
        // Taken modulo 2^32 there.
        new RandomState(seed + index));
  }
}
