package dev.pawl.activities.artifact;

import dev.pawl.activities.store.ObjectNames;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What an artifact consists of, as written to {@code artifact.json} beside its files.
 *
 * @param kind id of the stage's kind
 * @param key key of the stage
 * @param producer the attempt that made it
 * @param resultJson what the stage said about its result
 * @param files path relative to the artifact, with forward slashes, to size and digest
 */
public record ArtifactManifest(
    String kind,
    String key,
    Producer producer,
    String resultJson,
    SortedMap<String, ArtifactFile> files) {
  /** Name of the manifest within the artifact. */
  public static final String FILE_NAME = "artifact.json";

  public ArtifactManifest {
    files = Collections.unmodifiableSortedMap(new TreeMap<>(files));
  }

  /** SHA-256 of one line for each file, in name order: digest, size, name. */
  public String digest() {
    StringBuilder lines = new StringBuilder();
    for (Map.Entry<String, ArtifactFile> file : files.entrySet()) {
      lines.append(file.getValue().sha256()).append(' ');
      lines.append(file.getValue().bytes()).append(' ');
      lines.append(file.getKey()).append('\n');
    }
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      byte[] text = lines.toString().getBytes(StandardCharsets.UTF_8);
      return HexFormat.of().formatHex(sha256.digest(text));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** A name among the files that is none, or could lead out of the artifact's folder. */
  Optional<String> unsafeName() {
    return files.keySet().stream().filter(name -> !ObjectNames.isSafe(name)).findFirst();
  }

  /** Sum of the sizes of the files, without the manifest. */
  public long bytes() {
    return files.values().stream().mapToLong(ArtifactFile::bytes).sum();
  }
}
