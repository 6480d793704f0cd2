package dev.pawl.model.dataset;

import java.util.Optional;

/**
 * What a joining made.
 *
 * @param whole size and digest of the output
 * @param shards how many went into it
 * @param reused how many of them were there from before and read back
 * @param index size and digest of the index beside it, when there is one
 */
public record Unsharded(FileDigest whole, int shards, int reused, Optional<FileDigest> index) {}
