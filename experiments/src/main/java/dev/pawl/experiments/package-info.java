/** What is asked for: experiment records, bound strictly from YAML, and the plan that follows. */
@NullMarked
package dev.pawl.experiments;

import org.jspecify.annotations.NullMarked;
