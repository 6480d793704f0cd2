/**
 * Checkpoints outside a run: finding out what a folder holds, whoever wrote it, and turning one
 * layout into another.
 */
@NullMarked
package dev.pawl.activities.checkpoint;

import org.jspecify.annotations.NullMarked;
