/** The bodies of the stages: what each one reads, computes and leaves in its artifact. */
@NullMarked
package dev.pawl.activities.stage;

import org.jspecify.annotations.NullMarked;
