package dev.pawl.experiments;

import dev.pawl.model.config.Setting;
import java.util.Optional;

/** How text becomes tokens. */
public record TokenizerSpec(
    @Setting(doc = "stories, bytes or huggingface; a file means huggingface.")
        Optional<TokenizerType> type,
    @Setting(doc = "A Hugging Face tokenizer.json.") Optional<String> file) {

  /** The type, given or implied by the file and the corpus. */
  public TokenizerType effectiveType(DatasetSource source) {
    return type.orElse(
        file.isPresent()
            ? TokenizerType.HUGGINGFACE
            : source == DatasetSource.STORIES ? TokenizerType.STORIES : TokenizerType.BYTES);
  }
}
