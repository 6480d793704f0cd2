package dev.pawl.model.dataset;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A token dataset, described.
 *
 * @param type name of the element type
 * @param tokens by the index
 * @param maxToken highest id, when every byte was read
 * @param binSha256 digest of the token file, when every byte was read
 * @param indexSha256 digest of the index, when every byte was read
 * @param problems what is wrong, a sentence each; empty when nothing is
 */
public record DatasetReport(
    String prefix,
    DatasetStatus status,
    String type,
    long documents,
    long emptyDocuments,
    long sequences,
    long tokens,
    long binBytes,
    long indexBytes,
    LengthHistogram lengths,
    OptionalInt maxToken,
    Optional<String> binSha256,
    Optional<String> indexSha256,
    List<String> problems) {}
