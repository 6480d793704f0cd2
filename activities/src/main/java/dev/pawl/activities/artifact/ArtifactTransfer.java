package dev.pawl.activities.artifact;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pawl.activities.store.DamagedObjectException;
import dev.pawl.activities.store.ObjectNames;
import dev.pawl.activities.store.ObjectReader;
import dev.pawl.activities.store.ObjectStore;
import dev.pawl.activities.store.StoredObject;
import dev.pawl.db.Owner;
import dev.pawl.model.dataset.ByteProgress;
import dev.pawl.model.dataset.FileDigest;
import dev.pawl.model.dataset.FileDigests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Artifacts in an object store: {@code artifacts/<kind>/<key>/<digest>/}, the manifest last, and
 * back. The digest in the name is that of the content, so that whoever writes there writes the same
 * bytes: an attempt that lost its claim can harm nothing, and the record says which one counts.
 */
final class ArtifactTransfer {
  private static final Logger LOG = LoggerFactory.getLogger(ArtifactTransfer.class);
  private static final String ARTIFACTS = "artifacts/";
  private static final String FETCH = ".tmp-fetch-";
  private static final String DIGEST = "[0-9a-f]{64}";
  private static final int SHORT = 16;
  private static final long SPARE_BYTES = 32L << 20;

  private final ObjectStore objects;
  private final ObjectReader reader;
  private final ObjectMapper json = new ObjectMapper();

  ArtifactTransfer(ObjectStore objects) {
    this.objects = objects;
    this.reader = new ObjectReader(objects);
  }

  private static String under(String kind, String key) {
    return ARTIFACTS
        + ObjectNames.requirePart(kind, "the record")
        + "/"
        + ObjectNames.requirePart(key, "the record")
        + "/";
  }

  private static String under(String kind, String key, String digest) {
    if (!digest.matches(DIGEST)) {
      throw new IllegalArgumentException("'%s' is no digest".formatted(digest));
    }
    return under(kind, key) + digest + "/";
  }

  /**
   * Sends an artifact's files and then its manifest, which makes it visible.
   *
   * @param anew send all of it where it is there already; else that is left as it is
   * @param guard throws when the claim is lost; asked before the artifact becomes visible
   * @return whether anything was sent
   */
  boolean send(
      Path folder, ArtifactManifest manifest, boolean anew, ByteProgress progress, Runnable guard)
      throws IOException {
    String under = under(manifest.kind(), manifest.key(), manifest.digest());
    boolean published = objects.find(under + ArtifactManifest.FILE_NAME).isPresent();
    if (published && !anew) {
      return false;
    }
    for (Map.Entry<String, ArtifactFile> file : manifest.files().entrySet()) {
      FileDigest digest = new FileDigest(file.getValue().bytes(), file.getValue().sha256());
      // Without a manifest they can only be of an attempt that was interrupted a while ago.
      if (published || !sent(under + file.getKey(), digest)) {
        objects.put(under + file.getKey(), folder.resolve(file.getKey()), digest, progress);
      }
    }
    guard.run();
    Path text = folder.resolve(ArtifactManifest.FILE_NAME);
    objects.put(
        under + ArtifactManifest.FILE_NAME, text, FileDigests.of(text, bytes -> {}), progress);
    return true;
  }

  private boolean sent(String name, FileDigest digest) throws IOException {
    Optional<StoredObject> there = objects.find(name);
    return there.isPresent()
        && there.get().bytes() == digest.bytes()
        && there.get().sha256().equals(Optional.of(digest.sha256()));
  }

  /** The manifests of all that attempts published under a key. */
  List<ArtifactManifest> published(String kind, String key) throws IOException {
    List<ArtifactManifest> found = new ArrayList<>();
    for (String digest : objects.folders(under(kind, key))) {
      if (digest.matches(DIGEST)) {
        try {
          found.add(manifest(kind, key, digest));
        } catch (NoSuchFileException unpublished) {
          LOG.debug("{} {} {} was not published", kind, key, digest);
        } catch (DamagedObjectException damaged) {
          LOG.warn("passed over: {}", damaged.getMessage());
        }
      }
    }
    return found;
  }

  private ArtifactManifest manifest(String kind, String key, String digest) throws IOException {
    String name = under(kind, key, digest) + ArtifactManifest.FILE_NAME;
    return read(name, reader.text(name), kind, key, digest);
  }

  private ArtifactManifest read(String name, byte[] text, String kind, String key, String digest)
      throws DamagedObjectException {
    String whose = "%s of %s".formatted(name, objects.place());
    ArtifactManifest manifest;
    try {
      manifest = json.readValue(text, ArtifactManifest.class);
    } catch (IOException | RuntimeException unreadable) {
      throw new DamagedObjectException(
          "%s cannot be understood: %s".formatted(whose, unreadable.getMessage()));
    }
    Optional<String> unsafe = manifest.unsafeName();
    if (unsafe.isPresent()) {
      throw new DamagedObjectException(
          "%s lists a file whose name could lead out of its folder".formatted(whose));
    }
    if (!kind.equals(manifest.kind())
        || !key.equals(manifest.key())
        || !digest.equals(manifest.digest())) {
      throw new DamagedObjectException(
          "%s is of another artifact: %s %s with digest %s"
              .formatted(whose, manifest.kind(), manifest.key(), manifest.digest()));
    }
    return manifest;
  }

  /**
   * Compares what the store lists with the manifest: existence and sizes.
   *
   * @return what is wrong, in words
   */
  Optional<String> problem(String kind, String key, String digest) throws IOException {
    if (!digest.matches(DIGEST)) {
      return Optional.of("the record has no digest of it");
    }
    String under = under(kind, key, digest);
    try {
      ArtifactManifest manifest = manifest(kind, key, digest);
      Map<String, Long> there = new HashMap<>();
      objects.list(under).forEach(object -> there.put(object.name(), object.bytes()));
      for (Map.Entry<String, ArtifactFile> file : manifest.files().entrySet()) {
        Long bytes = there.get(under + file.getKey());
        if (bytes == null || bytes != file.getValue().bytes()) {
          return Optional.of(
              "%s%s of %s has %s bytes, recorded are %d"
                  .formatted(
                      under,
                      file.getKey(),
                      objects.place(),
                      bytes == null ? "no" : bytes,
                      file.getValue().bytes()));
        }
      }
      return Optional.empty();
    } catch (NoSuchFileException absent) {
      return Optional.of(missing(kind, key));
    } catch (DamagedObjectException damaged) {
      return Optional.of(String.valueOf(damaged.getMessage()));
    }
  }

  private String missing(String kind, String key) {
    return "%s %s is not in the artifact store %s".formatted(kind, key, objects.place());
  }

  /**
   * Brings an artifact to its place, over what may be there; every byte is compared on the way. A
   * process that died while it did so has left what the next one goes on with.
   *
   * @return what is wrong with it, in words; its place is as it was then
   */
  Optional<String> fetch(String kind, String key, String digest, Path place, ByteProgress progress)
      throws IOException {
    if (!digest.matches(DIGEST)) {
      return Optional.of("the record has no digest of it");
    }
    String under = under(kind, key, digest);
    String name = under + ArtifactManifest.FILE_NAME;
    @Nullable Path own = null;
    try {
      byte[] text = reader.text(name);
      ArtifactManifest manifest = read(name, text, kind, key, digest);
      own = takeUp(place, digest);
      requireSpace(own, manifest.bytes());
      for (Map.Entry<String, ArtifactFile> file : manifest.files().entrySet()) {
        Path target = ObjectNames.within(own, file.getKey(), name);
        // It got its name when its digest was right.
        if (!Files.isRegularFile(target, LinkOption.NOFOLLOW_LINKS)) {
          Files.createDirectories(target.getParent());
          ArtifactFile expected = file.getValue();
          reader.fetch(
              under + file.getKey(),
              new FileDigest(expected.bytes(), expected.sha256()),
              target,
              progress);
        }
      }
      DurableFiles.write(own.resolve(ArtifactManifest.FILE_NAME), text);
      flushFolders(own);
      place(own, place);
      LOG.info("{} {} was fetched from {}", kind, key, objects.place());
      return Optional.empty();
    } catch (NoSuchFileException absent) {
      discard(own);
      return Optional.of(
          own == null
              ? missing(kind, key)
              : "%s of the artifact store %s is missing"
                  .formatted(absent.getMessage(), objects.place()));
    } catch (DamagedObjectException damaged) {
      discard(own);
      return Optional.of(String.valueOf(damaged.getMessage()));
    }
  }

  private static void discard(@Nullable Path folder) throws IOException {
    if (folder != null) {
      DurableFiles.remove(folder);
    }
  }

  /** This process's folder to fetch into: what a dead one of this host left, or a new one. */
  private static Path takeUp(Path place, String digest) throws IOException {
    Path parent = Files.createDirectories(place.getParent());
    String before =
        place.getFileName()
            + FETCH
            + digest.substring(0, SHORT)
            + "-"
            + Owner.hostName().replaceAll("[^A-Za-z0-9._]", "_")
            + "-";
    Path own = parent.resolve(before + ProcessHandle.current().pid());
    List<Path> left;
    try (Stream<Path> children = Files.list(parent)) {
      left =
          children
              .filter(child -> child.getFileName().toString().startsWith(before))
              .filter(child -> !child.equals(own) && isOfTheDead(child, before))
              .sorted(Comparator.naturalOrder())
              .toList();
    }
    for (Path each : left) {
      if (Files.exists(own)) {
        DurableFiles.remove(each);
      } else {
        try {
          Files.move(each, own);
        } catch (NoSuchFileException taken) {
          LOG.debug("{} was taken up by another process", each);
        }
      }
    }
    return Files.createDirectories(own);
  }

  private static boolean isOfTheDead(Path folder, String before) {
    String pid = folder.getFileName().toString().substring(before.length());
    return pid.matches("\\d{1,18}")
        && ProcessHandle.of(Long.parseLong(pid)).filter(ProcessHandle::isAlive).isEmpty();
  }

  private static void requireSpace(Path folder, long bytes) throws IOException {
    long usable = Files.getFileStore(folder).getUsableSpace();
    if (usable < bytes + SPARE_BYTES) {
      throw new IOException(
          "No space left on device: %s has %,d bytes free, an artifact to fetch needs %,d"
              .formatted(folder, usable, bytes + SPARE_BYTES));
    }
  }

  private static void flushFolders(Path own) throws IOException {
    List<Path> folders;
    try (Stream<Path> tree = Files.walk(own)) {
      folders = tree.filter(Files::isDirectory).toList();
    }
    for (Path folder : folders) {
      DurableFiles.flush(folder);
    }
  }

  private static void place(Path own, Path place) throws IOException {
    if (!Files.exists(place)) {
      DurableFiles.move(own, place);
      return;
    }
    Path aside = own.resolveSibling(own.getFileName() + "-replaced");
    DurableFiles.remove(aside);
    DurableFiles.move(place, aside);
    DurableFiles.move(own, place);
    DurableFiles.remove(aside);
  }

  /** Removes all that was ever published under a key, the manifests first. */
  void remove(String kind, String key) throws IOException {
    delete(objects, under(kind, key));
    objects.deleteUnfinished(under(kind, key));
  }

  /** Removes all objects under some parts: manifests first, so that nothing is half visible. */
  static void delete(ObjectStore objects, String under) throws IOException {
    List<StoredObject> all = new ArrayList<>(objects.list(under));
    all.sort(Comparator.comparing(object -> !isManifest(object.name())));
    for (StoredObject object : all) {
      objects.delete(object.name());
    }
  }

  private static boolean isManifest(String name) {
    return name.endsWith("/" + ArtifactManifest.FILE_NAME)
        || name.endsWith("/" + CheckpointObjects.MANIFEST);
  }

  /** Keys of a kind under which something was published, or was begun to be. */
  SortedSet<String> keys(String kind) throws IOException {
    return objects.folders(ARTIFACTS + ObjectNames.requirePart(kind, "the record") + "/");
  }
}
