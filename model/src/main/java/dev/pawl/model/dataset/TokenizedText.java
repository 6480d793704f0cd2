package dev.pawl.model.dataset;

/** What tokenizing a file gave. */
public record TokenizedText(long documents, long tokens, long bytes) {}
