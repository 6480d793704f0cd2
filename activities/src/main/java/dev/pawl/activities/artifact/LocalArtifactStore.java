package dev.pawl.activities.artifact;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pawl.model.dataset.ByteProgress;
import dev.pawl.model.dataset.FileDigest;
import dev.pawl.model.dataset.FileDigests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Artifacts in folders of one home: {@code artifacts/<kind>/<key>/}.
 *
 * <p>Paths in the record are relative to the home, so that a home may be moved. Thread-safe; two
 * processes may share a home.
 */
public final class LocalArtifactStore implements ArtifactStore {
  private static final String TEMPORARY = ".tmp-";
  private static final Pattern ATTEMPT = Pattern.compile("\\d{1,9}");

  /** The record may be on the same disk, and must be able to say what happened. */
  private static final long SPARE_BYTES = 32L << 20;

  private final Path home;
  private final ObjectMapper json = new ObjectMapper();
  private final UntouchedFiles untouched = new UntouchedFiles();

  public LocalArtifactStore(Path home) {
    this.home = home.toAbsolutePath().normalize();
  }

  @Override
  public void retireOthers(String kind, String key, int attempt, Runnable guard)
      throws IOException {
    Path parent = Files.createDirectories(folder(kind, key).getParent());
    for (Path leftover : entries(parent, key + TEMPORARY)) {
      if (attemptOf(leftover) >= attempt) {
        // Of another database, or of whoever took this stage over.
        guard.run();
      }
      DurableFiles.remove(leftover);
    }
  }

  private static int attemptOf(Path temporary) {
    String name = temporary.getFileName().toString();
    Matcher number = ATTEMPT.matcher(name.substring(name.indexOf(TEMPORARY) + TEMPORARY.length()));
    return number.lookingAt() ? Integer.parseInt(number.group()) : 0;
  }

  @Override
  public Path prepare(String kind, String key, Producer producer) throws IOException {
    Path parent = Files.createDirectories(folder(kind, key).getParent());
    long usable = Files.getFileStore(parent).getUsableSpace();
    if (usable < SPARE_BYTES) {
      throw new IOException(
          "No space left on device: %s has %,d bytes free, a stage needs %,d to begin"
              .formatted(home, usable, SPARE_BYTES));
    }
    return Files.createDirectory(parent.resolve(temporary(key, producer)));
  }

  private static String temporary(String key, Producer producer) {
    String name = "%d-%s-%d".formatted(producer.attempt(), producer.host(), producer.pid());
    return key + TEMPORARY + name.replaceAll("[^A-Za-z0-9._-]", "-");
  }

  @Override
  public void discard(Path prepared) throws IOException {
    DurableFiles.remove(prepared);
  }

  @Override
  public ArtifactManifest seal(
      Path prepared,
      String kind,
      String key,
      Producer producer,
      String resultJson,
      ByteProgress progress)
      throws IOException {
    SortedMap<String, ArtifactFile> files = new TreeMap<>();
    for (Path path : walk(prepared)) {
      if (Files.isRegularFile(path)) {
        DurableFiles.flush(path);
        FileDigest digest = FileDigests.of(path, progress);
        files.put(name(prepared, path), new ArtifactFile(digest.bytes(), digest.sha256()));
      }
    }
    ArtifactManifest manifest = new ArtifactManifest(kind, key, producer, resultJson, files);
    DurableFiles.write(
        prepared.resolve(ArtifactManifest.FILE_NAME),
        json.writerWithDefaultPrettyPrinter().writeValueAsBytes(manifest));
    for (Path path : walk(prepared)) {
      if (Files.isDirectory(path)) {
        DurableFiles.flush(path);
      }
    }
    return manifest;
  }

  @Override
  public void publish(Path sealed, String kind, String key, Producer producer, Runnable guard)
      throws IOException {
    Path place = folder(kind, key);
    if (Files.exists(place)) {
      // A folder cannot be replaced in one step. Nobody may rely on it: its stage is not done.
      guard.run();
      Path aside = place.resolveSibling(temporary(key, producer) + "-replaced");
      DurableFiles.move(place, aside);
      if (!Files.exists(sealed)) {
        // Stopped since the claim was asked for, and taken over: this is the other's result.
        DurableFiles.move(aside, place);
        guard.run();
      }
      DurableFiles.move(sealed, place);
      DurableFiles.remove(aside);
    } else {
      DurableFiles.move(sealed, place);
    }
  }

  @Override
  public Path folder(String kind, String key) {
    return home.resolve(path(kind, key));
  }

  @Override
  public String path(String kind, String key) {
    return "artifacts/" + kind + "/" + key;
  }

  @Override
  public Optional<ArtifactManifest> find(String kind, String key) {
    Path file = folder(kind, key).resolve(ArtifactManifest.FILE_NAME);
    try {
      return Optional.of(json.readValue(file.toFile(), ArtifactManifest.class));
    } catch (IOException unreadable) {
      return Optional.empty();
    }
  }

  @Override
  public Optional<String> verify(
      String kind, String key, String digest, boolean everyByte, ByteProgress progress) {
    Path folder = folder(kind, key);
    if (!Files.isDirectory(folder)) {
      return Optional.of(folder + " is missing");
    }
    Optional<ArtifactManifest> manifest = find(kind, key);
    if (manifest.isEmpty()) {
      return Optional.of(folder + " has no readable " + ArtifactManifest.FILE_NAME);
    }
    if (!manifest.get().digest().equals(digest)) {
      return Optional.of(
          "%s has digest %s, recorded is %s".formatted(folder, manifest.get().digest(), digest));
    }
    List<Path> files = manifest.get().files().keySet().stream().map(folder::resolve).toList();
    UntouchedFiles.Look look = UntouchedFiles.look(digest, files);
    boolean read = everyByte && !untouched.since(folder, look);
    for (Map.Entry<String, ArtifactFile> file : manifest.get().files().entrySet()) {
      Optional<String> problem =
          compare(folder.resolve(file.getKey()), file.getValue(), read, progress);
      if (problem.isPresent()) {
        untouched.forget(folder);
        return problem;
      }
    }
    if (read) {
      untouched.verified(folder, look);
    }
    return Optional.empty();
  }

  private static Optional<String> compare(
      Path file, ArtifactFile expected, boolean everyByte, ByteProgress progress) {
    try {
      if (!Files.isRegularFile(file)) {
        return Optional.of(file + " is missing");
      }
      long bytes = Files.size(file);
      if (bytes != expected.bytes()) {
        return Optional.of(
            "%s has %d bytes, recorded are %d".formatted(file, bytes, expected.bytes()));
      }
      if (everyByte && !FileDigests.of(file, progress).sha256().equals(expected.sha256())) {
        return Optional.of(file + " does not have its recorded sha256 " + expected.sha256());
      }
      return Optional.empty();
    } catch (IOException unreadable) {
      return Optional.of(file + " cannot be read: " + unreadable.getMessage());
    }
  }

  @Override
  public Path work(String key, int attempt, Runnable guard) throws IOException {
    return new WorkFolders(home, key).take(attempt, guard);
  }

  @Override
  public void discardWork(String key, int attempt) throws IOException {
    new WorkFolders(home, key).discard(attempt);
  }

  @Override
  public void forsakeWork(String key, int attempt, boolean done) throws IOException {
    new WorkFolders(home, key).forsake(attempt, done);
  }

  /** A folder for work that belongs to no stage; made when absent. */
  public Path work(String name) throws IOException {
    return Files.createDirectories(home.resolve("work").resolve(name));
  }

  /** Removes a folder of work, whoever's it is; nobody may be at it. */
  public void discardWork(String name) throws IOException {
    DurableFiles.remove(home.resolve("work").resolve(name));
  }

  /** Removes a published artifact; its stage must have been reopened before. */
  public void remove(String kind, String key) throws IOException {
    DurableFiles.remove(folder(kind, key));
  }

  private static List<Path> walk(Path folder) throws IOException {
    try (Stream<Path> paths = Files.walk(folder)) {
      return paths.sorted().toList();
    }
  }

  private static List<Path> entries(Path folder, String prefix) throws IOException {
    try (Stream<Path> paths = Files.list(folder)) {
      return paths.filter(path -> path.getFileName().toString().startsWith(prefix)).toList();
    }
  }

  private static String name(Path folder, Path file) {
    return folder.relativize(file).toString().replace('\\', '/');
  }
}
