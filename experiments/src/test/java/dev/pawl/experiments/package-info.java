/** Tests of loading experiments. */
@NullMarked
package dev.pawl.experiments;

import org.jspecify.annotations.NullMarked;
