/** Proof after the fact: is what the record and the artifacts say still what was computed? */
@NullMarked
package dev.pawl.activities.verify;

import org.jspecify.annotations.NullMarked;
