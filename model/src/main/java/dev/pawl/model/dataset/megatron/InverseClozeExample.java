package dev.pawl.model.dataset.megatron;

/**
 * A sentence and the block that it is to be found in (megatron.md 8). Every array has seq-length
 * numbers.
 *
 * @param query ids of {@code [CLS]}, sentence, {@code [SEP]}
 * @param queryMask 1 up to the padding
 * @param context ids of {@code [CLS]}, title, {@code [SEP]}, block, {@code [SEP]}
 * @param contextMask 1 up to the padding
 */
@SuppressWarnings("ArrayRecordComponent") // Ids are many, and nobody compares samples.
public record InverseClozeExample(int[] query, int[] queryMask, int[] context, int[] contextMask) {}
