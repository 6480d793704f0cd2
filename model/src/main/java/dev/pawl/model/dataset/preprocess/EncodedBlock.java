package dev.pawl.model.dataset.preprocess;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * What a block gave.
 *
 * @param input where it came from
 * @param ids its documents as {@link BlockEncoder} lays them
 * @param lines lines of the block
 * @param documents lines that are documents
 * @param bad the other lines, in order
 */
record EncodedBlock(InputBlock input, ByteBuffer ids, long lines, long documents, List<Bad> bad) {
  /** A line of the block, the first is 1, and what is wrong with it. */
  record Bad(long line, String reason) {}
}
