/** Data at rest: shards with checksums, indexed token datasets, and the samples cut from them. */
@NullMarked
package dev.pawl.model.dataset;

import org.jspecify.annotations.NullMarked;
