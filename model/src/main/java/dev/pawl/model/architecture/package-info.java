/**
 * Architectures: the ordered table of a model's parameters and the program that computes with them.
 */
@NullMarked
package dev.pawl.model.architecture;

import org.jspecify.annotations.NullMarked;
