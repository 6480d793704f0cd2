package dev.pawl.experiments.stage;

import dev.pawl.experiments.TokenizerType;
import org.jspecify.annotations.Nullable;

/** A tokenizer; the file is that of a Hugging Face tokenizer. */
public record TokenizerConfig(TokenizerType type, @Nullable FileIdentity file) {
  TokenizerConfig withoutPath() {
    return new TokenizerConfig(type, file == null ? null : file.withoutPath());
  }
}
