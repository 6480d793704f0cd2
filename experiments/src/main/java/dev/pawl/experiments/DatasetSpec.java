package dev.pawl.experiments;

import dev.pawl.model.config.Sampler;
import dev.pawl.model.config.Setting;
import dev.pawl.model.config.StoriesConfig;
import java.util.List;
import java.util.Optional;

/** The documents to train on. */
public record DatasetSpec(
    @Setting(
            doc =
                "stories, files, shards or indexed; what is given below decides when it is absent.")
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
        double validFraction,
    @Setting(doc = "Token datasets, PREFIX.bin and PREFIX.idx each, read one after the other.")
        List<String> prefixes,
    @Setting(
            doc = "Token datasets to blend: a weight before each prefix; for the megatron sampler.")
        List<String> dataPath,
    @Setting(doc = "File of lines '<weight> <prefix> <corpus>', instead of data_path.")
        Optional<String> dataFileList,
    @Setting(doc = "Held-out token datasets; split then plays no part.") List<String> validPrefixes,
    @Setting(
            doc =
                "Shares of training, held-out and test documents of token datasets, in file order.",
            defaultValue = "969,30,1")
        String split,
    @Setting(
            doc =
                "How token datasets become samples: block_transformer, or megatron for its order and blends.",
            defaultValue = "block_transformer")
        Sampler sampler) {

  /** The source, given or implied. */
  public DatasetSource effectiveSource() {
    return source.orElse(
        !files.isEmpty()
            ? DatasetSource.FILES
            : shards.isPresent()
                ? DatasetSource.SHARDS
                : hasTokens() ? DatasetSource.INDEXED : DatasetSource.STORIES);
  }

  private boolean hasTokens() {
    return !prefixes.isEmpty() || !dataPath.isEmpty() || dataFileList.isPresent();
  }
}
