/**
 * Order and waiting: which stage follows which, what runs beside what; pure and replayable.
 *
 * <p>Nothing here reads a clock, a file or a database, so that a history can be replayed anywhere.
 */
@NullMarked
package dev.pawl.workflows;

import org.jspecify.annotations.NullMarked;
