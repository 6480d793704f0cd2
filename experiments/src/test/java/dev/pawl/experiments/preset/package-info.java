/** Tests of presets and model files. */
@NullMarked
package dev.pawl.experiments.preset;

import org.jspecify.annotations.NullMarked;
