/**
 * Weights in files: safetensors of any size, in one file or in shards, in any floating-point
 * format; the check of what a file holds against what a model needs; the published folder layouts.
 * Nothing here computes with a model.
 */
@NullMarked
package dev.pawl.model.weights;

import org.jspecify.annotations.NullMarked;
