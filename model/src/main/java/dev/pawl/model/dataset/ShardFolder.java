package dev.pawl.model.dataset;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Compares a folder of shards with its manifest. */
public final class ShardFolder {
  private ShardFolder() {}

  /** Hashes every shard; lists each mismatch, each missing and each extra file. */
  public static ShardReport verify(Path folder, ShardManifest manifest, ByteProgress progress)
      throws IOException {
    List<String> problems = new ArrayList<>();
    long bytes = 0;
    for (Map.Entry<String, String> expected : manifest.digests().entrySet()) {
      Path shard = folder.resolve(expected.getKey());
      if (!Files.isRegularFile(shard)) {
        problems.add("%s is missing".formatted(shard));
        continue;
      }
      FileDigest found = FileDigests.of(shard, progress);
      bytes += found.bytes();
      if (!found.sha256().equals(expected.getValue())) {
        problems.add(
            "%s (%d bytes) has SHA-256 %s, its manifest says %s: it is damaged or truncated"
                .formatted(shard, found.bytes(), found.sha256(), expected.getValue()));
      }
    }
    for (Path file : ShardManifest.shardFiles(folder)) {
      if (!manifest.digests().containsKey(file.getFileName().toString())) {
        problems.add("%s is extra: the manifest does not name it".formatted(file));
      }
    }
    return new ShardReport(manifest.digests().size(), bytes, problems);
  }
}
