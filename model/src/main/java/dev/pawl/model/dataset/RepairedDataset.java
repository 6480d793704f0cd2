package dev.pawl.model.dataset;

/**
 * What a repair did.
 *
 * @param documents documents that gained their end-of-text; 0 when the dataset was sound
 * @param endOfText the id that ends them; -1 when it was not needed
 */
public record RepairedDataset(long documents, int endOfText) {}
