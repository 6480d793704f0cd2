package dev.pawl.model.dataset.megatron;

import dev.pawl.model.dataset.DocumentSource;
import dev.pawl.model.dataset.SentenceSource;
import java.util.Arrays;

/**
 * Documents of sentences.
 *
 * @param sentences tokens
 * @param starts first sentence of each document, and the number of sentences
 */
@SuppressWarnings("ArrayRecordComponent") // Nobody compares them.
record CountedSentences(DocumentSource sentences, int[] starts) implements SentenceSource {
  /** Sentences whose tokens are numbered through. */
  static CountedSentences of(int[] starts, int... lengths) {
    return new CountedSentences(new CountedTokens(lengths), starts);
  }

  /** One document of sentences. */
  static CountedSentences document(int[]... sentences) {
    int[] all = Arrays.stream(sentences).flatMapToInt(Arrays::stream).toArray();
    CountedTokens places =
        new CountedTokens(Arrays.stream(sentences).mapToInt(ids -> ids.length).toArray());
    DocumentSource source =
        new DocumentSource() {
          @Override
          public int sequences() {
            return places.sequences();
          }

          @Override
          public int length(int sequence) {
            return places.length(sequence);
          }

          @Override
          public void read(int sequence, int offset, int length, int[] destination, int at) {
            places.read(sequence, offset, length, destination, at);
            for (int i = at; i < at + length; i++) {
              destination[i] = all[destination[i]];
            }
          }
        };
    return new CountedSentences(source, new int[] {0, sentences.length});
  }

  @Override
  public long documents() {
    return starts.length - 1L;
  }

  @Override
  public int documentStart(long document) {
    return starts[(int) document];
  }

  @Override
  public int sequences() {
    return sentences.sequences();
  }

  @Override
  public int length(int sequence) {
    return sentences.length(sequence);
  }

  @Override
  public void read(int sequence, int offset, int length, int[] destination, int at) {
    sentences.read(sequence, offset, length, destination, at);
  }
}
