/**
 * From JSON lines and texts to token datasets, as Megatron's preprocess_data does it (megatron.md
 * 2), on all cores and restartable.
 */
@NullMarked
package dev.pawl.model.dataset.preprocess;

import org.jspecify.annotations.NullMarked;
