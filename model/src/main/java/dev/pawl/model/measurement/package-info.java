/** Measures generation, and says what it must cost (block-transformer.md 7 and 8). */
@NullMarked
package dev.pawl.model.measurement;

import org.jspecify.annotations.NullMarked;
