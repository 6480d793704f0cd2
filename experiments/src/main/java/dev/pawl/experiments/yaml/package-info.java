/** YAML that knows its places, and its strict binding to records. */
@NullMarked
package dev.pawl.experiments.yaml;

import org.jspecify.annotations.NullMarked;
