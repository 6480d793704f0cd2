package dev.pawl.model.dataset.preprocess;

import java.nio.ByteBuffer;

/**
 * Whole lines of one input file, or all of it.
 *
 * @param file number of the file
 * @param lines the lines, from the beginning of the buffer's array to its limit
 * @param end offset behind the block in the unpacked file
 * @param inputBytes bytes of all input files, as they lie on disk, read up to here
 */
record InputBlock(int file, ByteBuffer lines, long end, long inputBytes) {
  int length() {
    return lines.limit();
  }
}
