/** Zero-shot tasks by name: {@code experiments/tasks/*.yaml}, and files of the user's own. */
@NullMarked
package dev.pawl.experiments.task;

import org.jspecify.annotations.NullMarked;
