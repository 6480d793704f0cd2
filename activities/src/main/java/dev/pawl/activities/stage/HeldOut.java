package dev.pawl.activities.stage;

import dev.pawl.activities.protocol.StageContext;
import dev.pawl.activities.protocol.StageProgress;
import dev.pawl.model.dataset.IndexedDataset;
import dev.pawl.model.dataset.IndexedDatasetWriter;
import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Takes the last tokens of a corpus away from training, for a corpus without held-out documents.
 */
final class HeldOut {
  private HeldOut() {}

  /**
   * Divides a dataset at a token: what is before it trains, what is after it validates. The
   * document in which the cut falls is cut in two.
   *
   * @param fraction share of the tokens to hold out, above 0 and below 1
   */
  static void split(Path whole, Path train, Path valid, double fraction, StageContext context)
      throws IOException {
    try (IndexedDataset source = IndexedDataset.open(whole);
        IndexedDatasetWriter before = new IndexedDatasetWriter(train, source.type());
        IndexedDatasetWriter after = new IndexedDatasetWriter(valid, source.type())) {
      long held = Math.max(1, Math.round(source.tokens() * fraction));
      long cut = source.tokens() - held;
      if (cut < 1) {
        throw new PawlException(
            FailureCause.DATA,
            "the corpus has %d tokens, too few to hold out a share of %s; give it more documents"
                .formatted(source.tokens(), fraction));
      }
      long position = 0;
      for (int i = 0; i < source.sequences(); i++) {
        int length = source.length(i);
        int head = (int) Math.max(0, Math.min(length, cut - position));
        copy(source, i, 0, head, before);
        copy(source, i, head, length - head, after);
        position += length;
        context.progress(StageProgress.of("tokens", position, source.tokens()));
      }
      before.finish();
      after.finish();
    }
  }

  private static void copy(
      IndexedDataset source, int sequence, int offset, int length, IndexedDatasetWriter target)
      throws IOException {
    if (length > 0) {
      int[] tokens = new int[length];
      source.read(sequence, offset, length, tokens, 0);
      target.document(tokens);
    }
  }
}
