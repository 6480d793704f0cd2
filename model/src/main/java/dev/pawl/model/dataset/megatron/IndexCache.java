package dev.pawl.model.dataset.megatron;

import dev.pawl.model.dataset.FileDigests;
import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Keeps index files under the MD5 of what they are: {@code <key>.dsc} holds that text, {@code
 * <key>_<name>.npy} the arrays, {@code <key>.sha256} their digests. Every byte is compared when
 * they are opened; a damaged file is built anew. Thread-safe; processes may share a folder: one
 * builds, the others wait for it.
 */
public final class IndexCache {
  // A file lock is held by a process, so threads need one of their own.
  private static final ConcurrentHashMap<Path, Object> LOCKS = new ConcurrentHashMap<>();

  private final Path folder;

  /** A cache in a folder, which is made when it is absent. */
  public IndexCache(Path folder) {
    this.folder = folder.toAbsolutePath().normalize();
  }

  /** Builds the files of an index. */
  @FunctionalInterface
  interface Build {
    /** Writes a file at each path, in the order of the names that were asked for. */
    void build(List<Path> files) throws IOException;
  }

  /**
   * Opens the arrays of a description, after building them when they are absent or damaged.
   *
   * @throws PawlException DATA when files of this name belong to other data
   */
  List<NpyArray> open(String description, List<String> names, Build build) throws IOException {
    Files.createDirectories(folder);
    String key = GptIndexRequest.key(description);
    Path lock = folder.resolve(key + ".lock");
    synchronized (LOCKS.computeIfAbsent(lock, path -> new Object())) {
      try (FileChannel channel =
          FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
        // Closing the channel gives it back.
        channel.lock();
        List<Path> files = names.stream().map(name -> file(key, "_" + name + ".npy")).toList();
        refuseOtherData(file(key, ".dsc"), description);
        if (!intact(key, files)) {
          make(key, description, files, build);
        }
        List<NpyArray> arrays = new ArrayList<>();
        for (Path file : files) {
          arrays.add(NpyArray.open(file));
        }
        return arrays;
      }
    }
  }

  private static void refuseOtherData(Path file, String description) throws IOException {
    if (Files.exists(file) && !Files.readString(file).equals(description)) {
      throw new PawlException(
          FailureCause.DATA,
          "%s belongs to an index of other data: it says\n%sand this index is\n%sRemove the files of that name, or use another folder"
              .formatted(file, Files.readString(file), description));
    }
  }

  private boolean intact(String key, List<Path> files) throws IOException {
    Path digests = file(key, ".sha256");
    if (!Files.exists(file(key, ".dsc")) || !Files.exists(digests)) {
      return false;
    }
    for (Path file : files) {
      if (!Files.isRegularFile(file)) {
        return false;
      }
    }
    return Files.readString(digests).equals(digests(files, files));
  }

  private void make(String key, String description, List<Path> files, Build build)
      throws IOException {
    // Without its digests an index does not exist: they go first and come last.
    Files.deleteIfExists(file(key, ".sha256"));
    List<Path> temporary = files.stream().map(IndexCache::temporary).toList();
    build.build(temporary);
    String digests = digests(temporary, files);
    ForcedText.write(file(key, ".dsc"), description);
    for (int i = 0; i < files.size(); i++) {
      Files.move(temporary.get(i), files.get(i), StandardCopyOption.ATOMIC_MOVE);
    }
    ForcedText.write(file(key, ".sha256"), digests);
  }

  private static String digests(List<Path> contents, List<Path> names) throws IOException {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < names.size(); i++) {
      String sha256 = FileDigests.of(contents.get(i), bytes -> {}).sha256();
      lines.append(names.get(i).getFileName()).append(' ').append(sha256).append('\n');
    }
    return lines.toString();
  }

  private static Path temporary(Path file) {
    return file.resolveSibling(file.getFileName() + ".tmp");
  }

  private Path file(String key, String ending) {
    return folder.resolve(key + ending);
  }
}
