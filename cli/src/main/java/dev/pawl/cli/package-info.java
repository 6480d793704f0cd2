/** The pawl command and the composition root. */
@NullMarked
package dev.pawl.cli;

import org.jspecify.annotations.NullMarked;
