/** From an experiment to runs and stages, each stage known by the hash of what determines it. */
@NullMarked
package dev.pawl.experiments.plan;

import org.jspecify.annotations.NullMarked;
