package dev.pawl.model.dataset.preprocess;

import java.util.List;

/**
 * What was made of what; also the manifest beside the outputs.
 *
 * @param tokenizerDigest all that determined the ids
 * @param vocabularySize highest token id + 1
 * @param endOfDocument id appended to documents; -1 when none was
 * @param sentences name of the rules by which texts were split; none when they were left whole
 * @param inputs input files as they were found
 * @param records documents in every output
 * @param skipped bad records left out
 * @param bytes bytes of input, unpacked
 * @param outputs one dataset for each key
 */
public record PreprocessResult(
    String tokenizerDigest,
    int vocabularySize,
    int endOfDocument,
    String sentences,
    List<Fingerprint.Input> inputs,
    long records,
    long skipped,
    long bytes,
    List<Output> outputs) {
  /** One dataset: its prefix's file name, and what it holds. */
  public record Output(
      String jsonKey, String prefix, long documents, long sequences, long tokens) {}
}
