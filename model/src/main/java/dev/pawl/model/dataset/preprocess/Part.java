package dev.pawl.model.dataset.preprocess;

/**
 * A finished partition as the journal knows it. Sums run from the beginning of the input.
 *
 * @param number number of the partition, from 0
 * @param partBytes size of its file
 * @param checksum CRC-32C of its file
 * @param partDocuments documents in its file
 * @param file number of the input file in which the next partition begins
 * @param offset where it begins in the unpacked file
 * @param line lines before that place in the file
 * @param documents documents so far
 * @param skipped bad records so far
 * @param bytes unpacked bytes so far
 * @param inputBytes bytes of input files so far
 */
record Part(
    int number,
    long partBytes,
    long checksum,
    long partDocuments,
    int file,
    long offset,
    long line,
    long documents,
    long skipped,
    long bytes,
    long inputBytes) {
  /** Before anything was done. */
  static final Part NONE = new Part(-1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
}
