/**
 * The activity interfaces and records that workflows see, and their implementations for workers.
 */
@NullMarked
package dev.pawl.activities;

import org.jspecify.annotations.NullMarked;
