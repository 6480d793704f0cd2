package dev.pawl.model.dataset;

import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The names of a corpus's shards with their SHA-256, in two columns (block-transformer.md 5.2). */
public final class ShardManifest {
  /** The usual name of a manifest beside its shards. */
  public static final String FILE_NAME = "checksums.txt";

  private final SortedMap<String, String> digests;

  private ShardManifest(SortedMap<String, String> digests) {
    this.digests = digests;
  }

  /**
   * Reads a manifest.
   *
   * @throws PawlException DATA that names file and line
   */
  public static ShardManifest read(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new PawlException(
          FailureCause.DATA,
          file + " is missing: it must list each shard as '<file name> <sha256>', a line each");
    }
    List<String> lines;
    try {
      lines = Files.readAllLines(file);
    } catch (CharacterCodingException e) {
      throw new PawlException(
          FailureCause.DATA, file + " is not text; it must list '<file name> <sha256>' a line", e);
    }
    return parse(file.toString(), lines);
  }

  /** The manifest in lines of text; its name is for messages. */
  static ShardManifest parse(String file, List<String> lines) {
    SortedMap<String, String> digests = new TreeMap<>();
    int number = 0;
    for (String line : lines) {
      number++;
      if (line.isBlank()) {
        continue;
      }
      String[] columns = line.trim().split("\\s+", -1);
      boolean valid =
          columns.length == 2
              && columns[1].matches("[0-9a-fA-F]{64}")
              && !columns[0].contains("/")
              && !columns[0].equals("..");
      if (!valid
          || digests.put(columns[0], columns[1].toLowerCase(java.util.Locale.ROOT)) != null) {
        throw new PawlException(
            FailureCause.DATA,
            "%s:%d: '%s' is not '<file name> <sha256>' of a new shard"
                .formatted(file, number, line));
      }
    }
    if (digests.isEmpty()) {
      throw new PawlException(FailureCause.DATA, file + " lists no shard");
    }
    return new ShardManifest(digests);
  }

  /** Hashes all regular files of a folder but a manifest. */
  public static ShardManifest ofFolder(Path folder) throws IOException {
    SortedMap<String, String> digests = new TreeMap<>();
    for (Path file : shardFiles(folder)) {
      digests.put(file.getFileName().toString(), FileDigests.of(file, bytes -> {}).sha256());
    }
    return new ShardManifest(digests);
  }

  /** The files of a folder that a manifest should name: neither itself nor hidden ones. */
  public static List<Path> shardFiles(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(Files::isRegularFile)
          .filter(file -> !file.getFileName().toString().equals(FILE_NAME))
          .filter(file -> !file.getFileName().toString().startsWith("."))
          .sorted()
          .toList();
    }
  }

  /** Writes the manifest, whole or not at all. */
  public void write(Path file) throws IOException {
    Path temporary = file.resolveSibling(file.getFileName() + ".tmp");
    try (FileChannel channel =
        FileChannel.open(
            temporary,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(text().getBytes(StandardCharsets.UTF_8)));
      channel.force(true);
    }
    Files.move(
        temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /** SHA-256 by shard name, in name order. */
  public Map<String, String> digests() {
    return Collections.unmodifiableMap(digests);
  }

  /** SHA-256 of the manifest in its canonical form. */
  public String digest() {
    MessageDigest digest = FileDigests.sha256();
    digest.update(text().getBytes(StandardCharsets.UTF_8));
    return FileDigests.hex(digest);
  }

  private String text() {
    StringBuilder text = new StringBuilder();
    digests.forEach((name, sha256) -> text.append(name).append(' ').append(sha256).append('\n'));
    return text.toString();
  }
}
