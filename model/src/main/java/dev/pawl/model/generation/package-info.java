/** Scoring and decoding with a trained model, and the measurement of generation time. */
@NullMarked
package dev.pawl.model.generation;

import org.jspecify.annotations.NullMarked;
