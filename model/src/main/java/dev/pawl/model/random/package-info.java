/**
 * Randomness as a pure function of a seed, a purpose and indices: nothing of it has to be saved.
 */
@NullMarked
package dev.pawl.model.random;

import org.jspecify.annotations.NullMarked;
