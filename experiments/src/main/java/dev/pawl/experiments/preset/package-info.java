/** Models by name or file: the presets, files of Pawl's own, and the published trainer files. */
@NullMarked
package dev.pawl.experiments.preset;

import org.jspecify.annotations.NullMarked;
