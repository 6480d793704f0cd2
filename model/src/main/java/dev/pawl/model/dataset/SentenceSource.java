package dev.pawl.model.dataset;

/** Documents of sentences: a sequence is a sentence, a document some sequences in a row. */
public interface SentenceSource extends DocumentSource {
  /** Number of documents, empty ones too. */
  long documents();

  /** The first sequence of a document; for {@link #documents()} the number of sequences. */
  int documentStart(long document);
}
