/** Content-addressed folders: written aside, flushed, moved into place, verified before reuse. */
@NullMarked
package dev.pawl.activities.artifact;

import org.jspecify.annotations.NullMarked;
