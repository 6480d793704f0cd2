/** Many runs of one experiment: axes and points, and the runs that they come down to. */
@NullMarked
package dev.pawl.experiments.sweep;

import org.jspecify.annotations.NullMarked;
