/** Training: the schedule, the optimizer and the step that repeats to the last bit. */
@NullMarked
package dev.pawl.model.training;

import org.jspecify.annotations.NullMarked;
