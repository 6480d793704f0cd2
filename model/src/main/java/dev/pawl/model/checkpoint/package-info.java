/** Checkpoints: safetensors files under a manifest of digests, written whole or not at all. */
@NullMarked
package dev.pawl.model.checkpoint;

import org.jspecify.annotations.NullMarked;
