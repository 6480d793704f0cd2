/** Tensors and tokens: what is trained, on what, and how well. Knows neither scheduler nor SQL. */
@NullMarked
package dev.pawl.model;

import org.jspecify.annotations.NullMarked;
