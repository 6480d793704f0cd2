/**
 * Samples as Megatron cuts, orders and blends them (megatron.md 3): split, document, sample and
 * shuffle indices, their cache, the blend of several datasets, and the samples of sentences that
 * BERT, T5 and the inverse cloze task read.
 */
@NullMarked
package dev.pawl.model.dataset.megatron;

import org.jspecify.annotations.NullMarked;
