/** Tests of planning. */
@NullMarked
package dev.pawl.experiments.plan;

import org.jspecify.annotations.NullMarked;
