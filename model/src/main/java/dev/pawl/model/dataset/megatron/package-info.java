/**
 * Samples as Megatron cuts, orders and blends them (megatron.md 3): split, document, sample and
 * shuffle indices, their cache, and the blend of several datasets.
 */
@NullMarked
package dev.pawl.model.dataset.megatron;

import org.jspecify.annotations.NullMarked;
