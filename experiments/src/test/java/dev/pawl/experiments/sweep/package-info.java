@NullMarked
package dev.pawl.experiments.sweep;

import org.jspecify.annotations.NullMarked;
