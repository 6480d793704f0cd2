package dev.pawl.model.dataset.megatron;

import dev.pawl.model.dataset.DocumentSource;
import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import java.util.ArrayList;
import java.util.List;

/** Reads the sentences of a sample, which must be of the vocabulary. Thread-safe. */
final class SentenceReader {
  private final DocumentSource source;
  private final int vocabularySize;

  SentenceReader(DocumentSource source, int vocabularySize) {
    this.source = source;
    this.vocabularySize = vocabularySize;
  }

  List<int[]> read(int first, int end) {
    List<int[]> sentences = new ArrayList<>();
    for (int i = first; i < end; i++) {
      int[] ids = new int[source.length(i)];
      source.read(i, 0, ids.length, ids, 0);
      for (int id : ids) {
        if (id < 0 || id >= vocabularySize) {
          throw new PawlException(
              FailureCause.DATA,
              "sentence %d has the token %d, the vocabulary has %d pieces; use the tokenizer that made the dataset"
                  .formatted(i, id, vocabularySize));
        }
      }
      sentences.add(ids);
    }
    return sentences;
  }
}
