/** A durable PostgreSQL of our own: unpacked, initialised, run as a child and never left behind. */
@NullMarked
package dev.pawl.db.embedded;

import org.jspecify.annotations.NullMarked;
