package dev.pawl.model.dataset;

/**
 * How documents become samples (block-transformer.md 5.5).
 *
 * @param maxLength tokens in a sample
 * @param blockLength tokens in a block; 1 for vanilla models
 * @param randomPad left padding of 0..blockLength-1 tokens before each document
 * @param padToBoundary right padding after each document up to a block boundary
 * @param seed of the left padding
 */
public record PackingConfig(
    int maxLength, int blockLength, boolean randomPad, boolean padToBoundary, long seed) {}
