/** The built-in corpus: synthetic stories with facts that must be carried across sentences. */
@NullMarked
package dev.pawl.model.corpus;

import org.jspecify.annotations.NullMarked;
