package dev.pawl.model.dataset;

import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.OptionalInt;

/**
 * Mends the index of a dataset whose writer appended end-of-text tokens and did not count them
 * (megatron.md 2.5): the last sequence of every document with sequences grows by one. The token
 * file is right and stays as it is. A second call finds a sound dataset and changes nothing.
 */
public final class DatasetRepair {
  private DatasetRepair() {}

  /**
   * Mends a dataset that has the defect, and only such a one.
   *
   * @param endOfText id that must end every document; without it, the one id that ends all of at
   *     least two documents
   * @return what was done; no documents when there was nothing to do
   * @throws PawlException DATA when the dataset has other damage or a document does not end with
   *     the id
   */
  public static RepairedDataset repair(Path prefix, OptionalInt endOfText) throws IOException {
    Path indexPath = IndexedDataset.file(prefix, ".idx");
    Path bin = IndexedDataset.file(prefix, ".bin");
    try (OutputLock lock = OutputLock.take(prefix)) {
      IndexFile index = IndexFile.open(indexPath);
      IndexFile.requireFile(bin);
      index.requireSound();
      MappedFile tokens = MappedFile.open(bin);
      if (tokens.bytes() == index.binBytes()) {
        return new RepairedDataset(0, endOfText.orElse(-1));
      }
      if (!index.eodLengthDefect(tokens.bytes())) {
        throw IndexFile.damaged(
            bin,
            "has %d bytes, its index accounts for %d and not for one token more in each of %d documents: this is another damage"
                .formatted(tokens.bytes(), index.binBytes(), index.nonEmptyDocuments()));
      }
      return mend(indexPath, index, bin, tokens, endOfText, lock);
    }
  }

  private static RepairedDataset mend(
      Path indexPath,
      IndexFile index,
      Path bin,
      MappedFile tokens,
      OptionalInt endOfText,
      OutputLock held)
      throws IOException {
    int width = index.type().bytes;
    long documents = 0;
    long end = 0;
    int expected = endOfText.orElse(-1);
    try (IndexSpool mended = new IndexSpool(indexPath)) {
      for (long k = 1; k < index.documentEntries(); k++) {
        long first = index.document(k - 1);
        long last = index.document(k) - 1;
        for (long i = first; i <= last; i++) {
          int length = index.length(i) + (i == last ? 1 : 0);
          mended.sequence(length);
          end += length;
        }
        mended.endDocument();
        if (last >= first) {
          int found = tokens.getToken(index.type(), (end - 1) * width);
          if (documents == 0 && endOfText.isEmpty()) {
            expected = found;
          }
          documents++;
          if (found != expected) {
            throw new PawlException(
                FailureCause.DATA,
                "%s: document %d would end with token %d, not with end-of-text %d: the defect is another one, or --eod is wrong; nothing was changed"
                    .formatted(bin, k - 1, found, expected));
          }
        }
      }
      if (documents < 2 && endOfText.isEmpty()) {
        throw new PawlException(
            FailureCause.CONFIG,
            "%s has one document, too few to tell the end-of-text token; give it with --eod or --tokenizer"
                .formatted(bin));
      }
      Path made = mended.write(index.type());
      held.requireHeld();
      Files.move(
          made, indexPath, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
    return new RepairedDataset(documents, expected);
  }
}
