package dev.pawl.experiments;

import dev.pawl.model.config.Setting;
import dev.pawl.model.config.StoriesConfig;
import java.util.List;
import java.util.Optional;

/** The documents to train on. */
public record DatasetSpec(
    @Setting(doc = "stories, files or shards; what is given below decides when it is absent.")
        Optional<DatasetSource> source,
    @Setting(doc = "The built-in corpus.") StoriesConfig stories,
    @Setting(doc = "Files: .jsonl, or UTF-8 text with one document a file.") List<String> files,
    @Setting(doc = "Held-out files of the same kind.") List<String> validFiles,
    @Setting(doc = "Folder of shards with its checksums.txt.") Optional<String> shards,
    @Setting(doc = "Key of the text in JSON lines.", defaultValue = "text") String jsonKey,
    @Setting(
            doc = "Share of the tokens held out where no held-out files are given.",
            defaultValue = "0.05",
            min = 0.0001,
            max = 0.5)
        double validFraction) {

  /** The source, given or implied. */
  public DatasetSource effectiveSource() {
    return source.orElse(
        !files.isEmpty()
            ? DatasetSource.FILES
            : shards.isPresent() ? DatasetSource.SHARDS : DatasetSource.STORIES);
  }
}
