/** The configuration of each kind of stage: all that a stage sees of the request. */
@NullMarked
package dev.pawl.experiments.stage;

import org.jspecify.annotations.NullMarked;
