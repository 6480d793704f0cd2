package dev.pawl.model.dataset.megatron;

import dev.pawl.model.dataset.RandomState;
import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import java.util.Arrays;
import java.util.List;

/** Makes T5 samples out of sentences (megatron.md 3.12). Thread-safe. */
final class T5ExampleBuilder {
  /** Taken off the encoder length for the mapping. */
  static final int SPECIAL_TOKENS = 2;

  private final int encoderLength;
  private final int decoderLength;
  private final int bos;
  private final int eos;
  private final int[] sentinels;
  private final SpanMasking masking;

  /**
   * A builder.
   *
   * @throws PawlException CONFIG when the vocabulary lacks sentinels, or its padding is not 0
   */
  T5ExampleBuilder(
      PieceVocabulary vocabulary, int encoderLength, int decoderLength, double maskShare) {
    this.encoderLength = encoderLength;
    this.decoderLength = decoderLength;
    bos = vocabulary.special("[BOS]");
    eos = vocabulary.special("[EOS]");
    sentinels = vocabulary.sentinels();
    if (sentinels.length == 0) {
      throw new PawlException(
          FailureCause.CONFIG,
          "the vocabulary has no <extra_id_0>, and T5 marks each hidden run by one; add 100 extra ids");
    }
    if (vocabulary.special("[PAD]") != 0) {
      throw new PawlException(
          FailureCause.CONFIG,
          "[PAD] is token %d, but T5's masks take token 0, and it alone, for padding"
              .formatted(vocabulary.special("[PAD]")));
    }
    masking = new SpanMasking(vocabulary, false, maskShare);
  }

  /**
   * A sample.
   *
   * @param target most tokens to take of the sentences; at most the encoder length
   * @throws PawlException CONFIG when there are too few sentinels or the decoder is too short
   */
  T5Example build(List<int[]> sentences, int target, RandomState random) {
    int[] all = sentences.stream().flatMapToInt(Arrays::stream).toArray();
    int[] tokens = Arrays.copyOf(all, Math.min(all.length, target));
    List<int[]> spans = masking.mask(tokens, target, random).spans();
    if (spans.size() > sentinels.length) {
      throw new PawlException(
          FailureCause.CONFIG,
          "a sample has %d hidden runs, the vocabulary has %d extra ids; add more"
              .formatted(spans.size(), sentinels.length));
    }
    int hidden = spans.stream().mapToInt(span -> span.length).sum();
    int decoded = 1 + spans.size() + hidden;
    if (decoded > decoderLength) {
      throw new PawlException(
          FailureCause.CONFIG,
          "a sample takes %d tokens in the decoder, its length is %d; raise decoder_seq_length"
              .formatted(decoded, decoderLength));
    }
    // Spare places hold 0, the padding.
    int[] encoder = new int[encoderLength];
    int[] decoder = new int[decoderLength];
    int[] labels = new int[decoderLength];
    Arrays.fill(labels, -1);
    int from = 0;
    int filled = 0;
    int at = 0;
    decoder[at] = bos;
    for (int i = 0; i < spans.size(); i++) {
      int[] span = spans.get(i);
      labels[at++] = sentinels[i];
      decoder[at] = sentinels[i];
      for (int position : span) {
        labels[at++] = tokens[position];
        decoder[at] = tokens[position];
      }
      System.arraycopy(tokens, from, encoder, filled, span[0] - from);
      filled += span[0] - from;
      encoder[filled++] = sentinels[i];
      from = span[span.length - 1] + 1;
    }
    labels[at] = eos;
    System.arraycopy(tokens, from, encoder, filled, tokens.length - from);
    int[] lossMask = new int[decoderLength];
    Arrays.fill(lossMask, 0, decoded, 1);
    return new T5Example(encoder, decoder, labels, lossMask, all.length > target);
  }
}
