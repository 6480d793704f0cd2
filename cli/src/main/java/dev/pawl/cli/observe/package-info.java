/**
 * What a worker shows of itself: metrics, traces and lines of its log. {@link
 * dev.pawl.cli.observe.Observability} is all that the commands know; Micrometer and OpenTelemetry
 * are known here alone, and are loaded only where they were asked for.
 */
@NullMarked
package dev.pawl.cli.observe;

import org.jspecify.annotations.NullMarked;
