package dev.pawl.activities.artifact;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pawl.activities.store.ObjectNames;
import dev.pawl.model.dataset.ByteProgress;
import dev.pawl.model.dataset.FileDigest;
import dev.pawl.model.dataset.FileDigests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Artifacts in folders of one home: {@code artifacts/<kind>/<key>/}.
 *
 * <p>Paths in the record are relative to the home, so that a home may be moved. Thread-safe; two
 * processes may share a home.
 */
public final class LocalArtifactStore implements ArtifactStore {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String TEMPORARY = ".tmp-";
  private static final String RECORD = "the record";
  private static final Pattern ATTEMPT = Pattern.compile("\\d{1,9}");

  /** The record may be on the same disk, and must be able to say what happened. */
  private static final long SPARE_BYTES = 32L << 20;

  private final Path home;
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
        JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(manifest));
    for (Path path : walk(prepared)) {
      if (Files.isDirectory(path)) {
        DurableFiles.flush(path);
      }
    }
    return manifest;
  }

  @Override
  public void publish(
      Path sealed,
      String kind,
      String key,
      Producer producer,
      ByteProgress progress,
      Runnable guard)
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
    return "artifacts/"
        + ObjectNames.requirePart(kind, RECORD)
        + "/"
        + ObjectNames.requirePart(key, RECORD);
  }

  @Override
  public Optional<ArtifactManifest> find(String kind, String key) {
    try {
      return Optional.of(manifest(folder(kind, key)));
    } catch (IOException unreadable) {
      return Optional.empty();
    }
  }

  /** The manifest of a folder. */
  static ArtifactManifest manifest(Path folder) throws IOException {
    return JSON.readValue(
        folder.resolve(ArtifactManifest.FILE_NAME).toFile(), ArtifactManifest.class);
  }

  @Override
  public List<ArtifactManifest> published(String kind, String key) {
    return find(kind, key).stream().toList();
  }

  @Override
  public Optional<String> fetch(
      String kind, String key, String digest, boolean everyByte, ByteProgress progress) {
    return verify(kind, key, digest, everyByte, progress);
  }

  @Override
  public boolean share(
      String kind, String key, String digest, boolean anew, ByteProgress progress) {
    return false;
  }

  @Override
  public Optional<String> sharedPlace() {
    return Optional.empty();
  }

  @Override
  public CheckpointCopies copies(
      Path folder, String key, int attempt, Runnable guard, CheckpointCopies.Watch watch) {
    return CheckpointCopies.NONE;
  }

  @Override
  public Set<String> keys(String kind) throws IOException {
    Path parent = home.resolve("artifacts").resolve(ObjectNames.requirePart(kind, RECORD));
    if (!Files.isDirectory(parent)) {
      return Set.of();
    }
    try (Stream<Path> children = Files.list(parent)) {
      return children
          .filter(Files::isDirectory)
          .map(child -> child.getFileName().toString())
          .collect(Collectors.toSet());
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
    if (manifest.get().unsafeName().isPresent()) {
      return Optional.of(
          "%s lists a file whose name could lead out of its folder"
              .formatted(folder.resolve(ArtifactManifest.FILE_NAME)));
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
    return new WorkFolders(home, ObjectNames.requirePart(key, RECORD)).take(attempt, guard);
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

  @Override
  public void discardWork(String key) throws IOException {
    DurableFiles.remove(home.resolve("work").resolve(ObjectNames.requirePart(key, RECORD)));
  }

  @Override
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
