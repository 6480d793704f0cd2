/** Text to token ids and back. The only package that knows the Hugging Face tokenizers library. */
@NullMarked
package dev.pawl.model.tokenizer;

import org.jspecify.annotations.NullMarked;
