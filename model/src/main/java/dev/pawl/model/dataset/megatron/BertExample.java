package dev.pawl.model.dataset.megatron;

/**
 * A BERT sample (megatron.md 3.11). Every array has seq-length numbers.
 *
 * @param text token ids, some of them replaced
 * @param types 0 to the end of the first segment, 1 in the second
 * @param labels the token that was replaced; -1 elsewhere
 * @param lossMask 1 where there is a label
 * @param paddingMask 1 up to the padding
 * @param isRandom whether the second half of the sentences comes first
 * @param truncated whether tokens were dropped
 */
@SuppressWarnings("ArrayRecordComponent") // Ids are many, and nobody compares samples.
public record BertExample(
    int[] text,
    int[] types,
    int[] labels,
    int[] lossMask,
    int[] paddingMask,
    boolean isRandom,
    boolean truncated) {}
