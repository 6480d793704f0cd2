package dev.pawl.experiments.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pawl.experiments.stage.FileIdentity;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Looks at the user's files while planning; what is wrong with them becomes a problem. */
final class UserFiles {
  private final List<String> problems;
  private final FileDigests digests;

  UserFiles(List<String> problems, FileDigests digests) {
    this.problems = problems;
    this.digests = digests;
  }

  /** Digest of a file that a key names. */
  FileIdentity identify(String place, String key, String path) {
    Path file = Path.of(path).toAbsolutePath().normalize();
    if (!Files.isRegularFile(file)) {
      problems.add("%s: %s: no file %s".formatted(place, key, file));
      return new FileIdentity(file.toString(), "");
    }
    try {
      return new FileIdentity(file.toString(), digests.sha256(file));
    } catch (IOException e) {
      problems.add("%s: %s: %s cannot be read: %s".formatted(place, key, file, e));
      return new FileIdentity(file.toString(), "");
    }
  }

  /**
   * Digest of a file that may be too large to read for a plan: a {@code checksums.txt} beside it is
   * believed where it names the file. Whoever takes the file compares.
   */
  FileIdentity identifyLarge(String place, String key, String path) {
    Path file = Path.of(path).toAbsolutePath().normalize();
    Path checksums = file.resolveSibling("checksums.txt");
    if (Files.isRegularFile(file) && Files.isRegularFile(checksums)) {
      try {
        for (String line : Files.readAllLines(checksums)) {
          String[] columns = line.strip().split("\\s+", -1);
          if (columns.length == 2
              && columns[0].equals(String.valueOf(file.getFileName()))
              && columns[1].matches("[0-9a-fA-F]{64}")) {
            return new FileIdentity(file.toString(), columns[1].toLowerCase(Locale.ROOT));
          }
        }
      } catch (IOException e) {
        problems.add("%s: %s: %s cannot be read: %s".formatted(place, key, checksums, e));
      }
    }
    return identify(place, key, path);
  }

  /** Folder of a checkpoint. */
  FileIdentity identifyCheckpoint(String place, String key, String path) {
    Path given = Path.of(path).toAbsolutePath().normalize();
    try {
      Optional<FileIdentity> checkpoint = digests.checkpoint(given);
      if (checkpoint.isPresent()) {
        return checkpoint.get();
      }
      problems.add(
          "%s: %s: %s holds no checkpoint: neither model.safetensors nor its index, nor folders checkpoint-<step> with one"
              .formatted(place, key, given));
    } catch (IOException e) {
      problems.add("%s: %s: %s cannot be read: %s".formatted(place, key, given, e));
    }
    return new FileIdentity(given.toString(), "");
  }

  /** Folder of shards, known by its manifest. */
  FileIdentity identifyShards(String place, String path) {
    Path folder = Path.of(path).toAbsolutePath().normalize();
    Path manifest = folder.resolve("checksums.txt");
    if (!Files.isRegularFile(manifest)) {
      problems.add(
          "%s: dataset.shards: no %s: it must list each shard as '<file name> <sha256>'"
              .formatted(place, manifest));
      return new FileIdentity(folder.toString(), "");
    }
    return new FileIdentity(
        folder.toString(), identify(place, "dataset.shards", manifest.toString()).sha256());
  }

  /** How many shards the manifest of a folder lists; 1 where there is none to read. */
  int shardCount(FileIdentity shards) {
    Path manifest = Path.of(shards.path()).resolve("checksums.txt");
    try (Stream<String> lines = Files.lines(manifest)) {
      return Math.max(1, (int) lines.filter(line -> !line.isBlank()).count());
    } catch (IOException | UncheckedIOException unreadable) {
      // Said already, or said by the stage that reads it.
      return 1;
    }
  }

  /** Highest id + 1 of a Hugging Face tokenizer. */
  int vocabularySize(String place, FileIdentity tokenizer) {
    int highest = -1;
    try {
      JsonNode json = new ObjectMapper().readTree(Path.of(tokenizer.path()).toFile());
      for (Map.Entry<String, JsonNode> entry : json.path("model").path("vocab").properties()) {
        highest = Math.max(highest, entry.getValue().asInt());
      }
      for (JsonNode added : json.path("added_tokens")) {
        highest = Math.max(highest, added.path("id").asInt());
      }
    } catch (IOException e) {
      highest = -1;
    }
    if (highest < 0) {
      problems.add(
          "%s: tokenizer.file: %s is not a Hugging Face tokenizer.json with a vocabulary"
              .formatted(place, tokenizer.path()));
      return 1;
    }
    return highest + 1;
  }

  static String sha256(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      byte[] buffer = new byte[1 << 20];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        digest.update(buffer, 0, n);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
