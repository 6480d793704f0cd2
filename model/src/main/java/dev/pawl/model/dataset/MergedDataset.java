package dev.pawl.model.dataset;

/**
 * What a merge made.
 *
 * @param inputs datasets that went into it
 * @param type name of the element type
 */
public record MergedDataset(int inputs, long documents, long sequences, long tokens, String type) {}
