/** Published results that runs are laid out beside: {@code experiments/papers/*.yaml}. */
@NullMarked
package dev.pawl.experiments.paper;

import org.jspecify.annotations.NullMarked;
