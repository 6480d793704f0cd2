/** Objects by name, in a folder that several hosts see or in an S3-compatible store. */
@NullMarked
package dev.pawl.activities.store;

import org.jspecify.annotations.NullMarked;
