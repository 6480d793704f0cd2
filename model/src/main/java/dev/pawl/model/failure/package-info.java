/**
 * Why work failed: the closed set of causes that decides retry, and the exception that carries it.
 */
@NullMarked
package dev.pawl.model.failure;

import org.jspecify.annotations.NullMarked;
