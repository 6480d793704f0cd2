package dev.pawl.activities.artifact;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pawl.activities.store.DamagedObjectException;
import dev.pawl.activities.store.ObjectNames;
import dev.pawl.activities.store.ObjectReader;
import dev.pawl.activities.store.ObjectStore;
import dev.pawl.activities.store.StoredObject;
import dev.pawl.model.checkpoint.CheckpointStore;
import dev.pawl.model.dataset.ByteProgress;
import dev.pawl.model.dataset.FileDigest;
import dev.pawl.model.dataset.FileDigests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checkpoints of one attempt in an object store: {@code work/<key>/<attempt>/checkpoint-<step>/},
 * the manifest last. Those of earlier attempts stay under their numbers until they are removed as
 * its own would be; nothing of a later attempt is touched, so that one that lost its claim and does
 * not know it yet writes where nobody looks: only what the record knows is ever fetched.
 */
final class CheckpointObjects {
  static final String MANIFEST = CheckpointStore.MANIFEST;

  private static final Logger LOG = LoggerFactory.getLogger(CheckpointObjects.class);
  private static final Pattern NAME =
      Pattern.compile("(\\d{1,9})/checkpoint-(\\d{1,18})/([A-Za-z0-9][A-Za-z0-9._-]*)");

  private final ObjectStore objects;
  private final ObjectReader reader;
  private final CheckpointStore local;
  private final String under;
  private final int attempt;
  private final ObjectMapper json = new ObjectMapper();

  /** Those of an attempt, whose folder is given. */
  CheckpointObjects(ObjectStore objects, Path folder, String key, int attempt) {
    this.objects = objects;
    this.reader = new ObjectReader(objects);
    this.local = new CheckpointStore(folder);
    this.under = under(key);
    this.attempt = attempt;
  }

  /** Where the work of a stage is. */
  static String under(String key) {
    return "work/" + ObjectNames.requirePart(key, "the record") + "/";
  }

  /** Removes what attempts up to this one have copied. */
  static void discard(ObjectStore objects, String key, int first, int last) throws IOException {
    for (int each : attempts(objects, key)) {
      if (each >= first && each <= last) {
        ArtifactTransfer.delete(objects, under(key) + each + "/");
      }
    }
  }

  private static List<Integer> attempts(ObjectStore objects, String key) throws IOException {
    return objects.folders(under(key)).stream()
        .filter(each -> each.matches("\\d{1,9}"))
        .map(Integer::valueOf)
        .toList();
  }

  /** One file of a checkpoint in the store. */
  private record Copy(int attempt, long step, String file, String name) {}

  /** What attempts up to this one have copied; names that are otherwise are passed over. */
  private List<Copy> list() throws IOException {
    List<Copy> found = new ArrayList<>();
    for (StoredObject object : objects.list(under)) {
      Matcher parts = NAME.matcher(object.name().substring(under.length()));
      if (parts.matches() && Integer.parseInt(parts.group(1)) <= attempt) {
        found.add(
            new Copy(
                Integer.parseInt(parts.group(1)),
                Long.parseLong(parts.group(2)),
                parts.group(3),
                object.name()));
      }
    }
    return found;
  }

  /** The steps that the folder has a checkpoint of. */
  Set<Long> steps() {
    return local.steps();
  }

  String place() {
    return objects.place();
  }

  /** As {@link CheckpointCopies#fetch}. */
  void fetch(Map<Long, String> recorded, ByteProgress progress) throws IOException {
    NavigableMap<Long, List<Copy>> manifests = new TreeMap<>();
    for (Copy copy : list()) {
      if (copy.file().equals(MANIFEST) && recorded.containsKey(copy.step())) {
        manifests.computeIfAbsent(copy.step(), step -> new ArrayList<>()).add(copy);
      }
    }
    for (Map.Entry<Long, List<Copy>> step : manifests.descendingMap().entrySet()) {
      String sha256 = recorded.get(step.getKey());
      for (Copy copy : step.getValue()) {
        if (!sha256.equals(here(step.getKey()))) {
          fetch(copy, sha256, progress);
        }
      }
    }
  }

  /** Digest of the state that the folder has of a step; empty when it has none. */
  String here(long step) {
    try {
      return sha256(json.readTree(Files.readAllBytes(local.folder(step).resolve(MANIFEST))));
    } catch (IOException absent) {
      return "";
    }
  }

  private static String sha256(JsonNode manifest) {
    return manifest.path("sha256").asText("");
  }

  private void fetch(Copy copy, String sha256, ByteProgress progress) throws IOException {
    Path place = local.folder(copy.step());
    Path temporary = place.resolveSibling(place.getFileName() + ".tmp");
    try {
      byte[] text = reader.text(copy.name());
      JsonNode manifest = parsed(copy.name(), text);
      if (!sha256(manifest).equals(sha256)) {
        LOG.info("{} is not the state of the record; it is left", copy.name());
        return;
      }
      DurableFiles.remove(temporary);
      Files.createDirectories(temporary);
      for (Map.Entry<String, FileDigest> file : files(copy.name(), manifest).entrySet()) {
        reader.fetch(
            copy.name().substring(0, copy.name().length() - MANIFEST.length()) + file.getKey(),
            file.getValue(),
            ObjectNames.within(temporary, file.getKey(), copy.name()),
            progress);
      }
      DurableFiles.write(temporary.resolve(MANIFEST), text);
      DurableFiles.flush(temporary);
      local.remove(copy.step());
      DurableFiles.move(temporary, place);
      LOG.info("checkpoint of step {} was fetched from {}", copy.step(), objects.place());
    } catch (NoSuchFileException | DamagedObjectException damaged) {
      DurableFiles.remove(temporary);
      LOG.warn("checkpoint {} is left out: {}", copy.name(), damaged.toString());
    }
  }

  private JsonNode parsed(String name, byte[] text) throws DamagedObjectException {
    try {
      return json.readTree(text);
    } catch (IOException unreadable) {
      throw new DamagedObjectException(
          "%s cannot be understood: %s".formatted(name, unreadable.getMessage()));
    }
  }

  /** What a checkpoint's manifest lists. */
  private static Map<String, FileDigest> files(String name, JsonNode manifest)
      throws DamagedObjectException {
    Map<String, FileDigest> files = new TreeMap<>();
    for (Map.Entry<String, JsonNode> file : manifest.path("files").properties()) {
      if (!ObjectNames.isSafePart(file.getKey()) || file.getKey().equals(MANIFEST)) {
        throw new DamagedObjectException(
            "%s lists a file whose name could lead out of its folder".formatted(name));
      }
      files.put(
          file.getKey(),
          new FileDigest(
              file.getValue().path("bytes").asLong(-1), file.getValue().path("sha256").asText("")));
    }
    return files;
  }

  /** Digest of the state by step, as the store has it. */
  Map<Long, String> known() throws IOException {
    Map<Long, String> known = new HashMap<>();
    Map<Long, Integer> newest = new HashMap<>();
    for (Copy copy : list()) {
      if (copy.file().equals(MANIFEST) && newest.getOrDefault(copy.step(), 0) <= copy.attempt()) {
        newest.put(copy.step(), copy.attempt());
        known.put(copy.step(), stateOf(copy));
      }
    }
    return known;
  }

  // One that cannot be read is sent again.
  private String stateOf(Copy copy) throws IOException {
    try {
      return sha256(parsed(copy.name(), reader.text(copy.name())));
    } catch (NoSuchFileException | DamagedObjectException unreadable) {
      LOG.warn("checkpoint {} cannot be read: {}", copy.name(), unreadable.toString());
      return "";
    }
  }

  /**
   * Sends the checkpoint of a step.
   *
   * @param guard asked before it becomes visible
   * @throws NoSuchFileException when the folder has none any more
   */
  void send(long step, ByteProgress progress, Runnable guard) throws IOException {
    Path checkpoint = local.folder(step);
    String name = "%s%d/checkpoint-%d/".formatted(under, attempt, step);
    Path text = checkpoint.resolve(MANIFEST);
    FileDigest manifest = FileDigests.of(text, bytes -> {});
    JsonNode content = parsed(text.toString(), Files.readAllBytes(text));
    for (Map.Entry<String, FileDigest> file : files(text.toString(), content).entrySet()) {
      objects.put(
          name + file.getKey(), checkpoint.resolve(file.getKey()), file.getValue(), progress);
    }
    guard.run();
    objects.put(name + MANIFEST, text, manifest, progress);
  }

  /** Removes what attempts up to this one have of some steps. */
  void remove(Set<Long> steps) throws IOException {
    List<Copy> all = new ArrayList<>(list());
    all.removeIf(copy -> !steps.contains(copy.step()));
    // Manifests first: what is left of a checkpoint without one is nothing.
    all.sort(Comparator.comparing((Copy copy) -> !copy.file().equals(MANIFEST)));
    for (Copy copy : all) {
      objects.delete(copy.name());
    }
  }
}
