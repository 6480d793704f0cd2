package dev.pawl.activities.stage;

import dev.pawl.model.dataset.IndexedDataset;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Where the artifact of taken token datasets keeps them. */
final class TokenDatasetFiles {
  static final String TRAIN = "dataset";
  static final String VALID = "valid-dataset";

  private TokenDatasetFiles() {}

  static Path prefix(Path artifact, String part, int number) {
    return artifact.resolve("%s-%05d".formatted(part, number));
  }

  /** Opens the datasets of a part, in the order in which they were given. */
  static List<IndexedDataset> open(Path artifact, String part) throws IOException {
    List<IndexedDataset> datasets = new ArrayList<>();
    for (int i = 0; ; i++) {
      Path prefix = prefix(artifact, part, i);
      if (!Files.exists(prefix.resolveSibling(prefix.getFileName() + ".idx"))) {
        return datasets;
      }
      datasets.add(IndexedDataset.open(prefix));
    }
  }
}
