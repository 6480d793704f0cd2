package dev.pawl.model.weights;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/** The weights of one model: a safetensors file, or shards under an index. */
public final class WeightFiles implements AutoCloseable {
  /** The name of a file that holds a whole model. */
  public static final String SINGLE = "model.safetensors";

  /** The name of the index over shards. */
  public static final String INDEX = "model.safetensors.index.json";

  static final String WEIGHT_MAP = "weight_map";

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path place;
  private final List<SafetensorsFile> files;
  private final Map<String, SafetensorsFile> homes = new LinkedHashMap<>();

  private WeightFiles(Path place, List<SafetensorsFile> files) {
    this.place = place;
    this.files = files;
  }

  /** Whether a folder holds weights under one of the two names. */
  public static boolean in(Path folder) {
    return Files.isRegularFile(folder.resolve(SINGLE))
        || Files.isRegularFile(folder.resolve(INDEX));
  }

  /**
   * Opens a safetensors file, an index, or the folder that holds one of them.
   *
   * @throws PawlException DATA when something is missing or damaged
   */
  public static WeightFiles open(Path fileOrFolder) {
    Path place = fileOrFolder;
    if (Files.isDirectory(place)) {
      place =
          Files.isRegularFile(place.resolve(SINGLE)) ? place.resolve(SINGLE) : place.resolve(INDEX);
      if (!Files.isRegularFile(place)) {
        throw new PawlException(
            FailureCause.DATA, "%s holds neither %s nor %s".formatted(fileOrFolder, SINGLE, INDEX));
      }
    }
    List<SafetensorsFile> opened = new ArrayList<>();
    WeightFiles files = new WeightFiles(place, opened);
    boolean whole = false;
    try {
      if (place.toString().endsWith(".json")) {
        files.openShards(place);
      } else {
        SafetensorsFile file = SafetensorsFile.open(place);
        opened.add(file);
        file.entries().keySet().forEach(name -> files.homes.put(name, file));
      }
      whole = true;
      return files;
    } finally {
      if (!whole) {
        files.close();
      }
    }
  }

  private void openShards(Path index) {
    JsonNode map = readIndex(index).path(WEIGHT_MAP);
    Set<String> names = new LinkedHashSet<>();
    List<String> problems = new ArrayList<>();
    map.properties().forEach(entry -> names.add(entry.getValue().asText()));
    for (String name : names) {
      if (Path.of(name).getNameCount() != 1 || name.isEmpty()) {
        throw new PawlException(
            FailureCause.DATA,
            "%s names the shard '%s', which is no file beside it".formatted(index, name));
      }
      SafetensorsFile shard = SafetensorsFile.open(index.resolveSibling(name));
      files.add(shard);
      for (String tensor : shard.entries().keySet()) {
        SafetensorsFile other = homes.put(tensor, shard);
        if (other != null) {
          problems.add(
              "%s is in both %s and %s"
                  .formatted(tensor, other.path().getFileName(), shard.path().getFileName()));
        }
      }
    }
    map.properties()
        .forEach(
            entry -> {
              SafetensorsFile home = homes.get(entry.getKey());
              String shard = entry.getValue().asText();
              if (home == null || !home.path().getFileName().toString().equals(shard)) {
                problems.add("%s is not in %s".formatted(entry.getKey(), shard));
              }
            });
    homes.forEach(
        (tensor, home) -> {
          if (!map.has(tensor)) {
            problems.add("%s in %s is not listed".formatted(tensor, home.path().getFileName()));
          }
        });
    if (!problems.isEmpty()) {
      throw new PawlException(
          FailureCause.DATA,
          "%s does not match its shards: %s".formatted(index, String.join("; ", problems)));
    }
  }

  private static JsonNode readIndex(Path index) {
    try {
      JsonNode root = JSON.readTree(Files.readAllBytes(index));
      if (!root.path(WEIGHT_MAP).isObject() || root.path(WEIGHT_MAP).isEmpty()) {
        throw new PawlException(FailureCause.DATA, index + " has no " + WEIGHT_MAP);
      }
      return root;
    } catch (JsonProcessingException e) {
      throw new PawlException(
          FailureCause.DATA, "%s is not JSON: %s".formatted(index, e.getOriginalMessage()), e);
    } catch (IOException e) {
      throw new PawlException(FailureCause.DATA, "%s cannot be read: %s".formatted(index, e), e);
    }
  }

  /** What was opened: the file, or the index. */
  public Path place() {
    return place;
  }

  /** Every file that belongs to the weights: the one, or the index and its shards. */
  public List<Path> paths() {
    List<Path> paths = new ArrayList<>();
    if (place.toString().endsWith(".json")) {
      paths.add(place);
    }
    files.forEach(file -> paths.add(file.path()));
    return paths;
  }

  /** Names of all tensors. */
  public Set<String> names() {
    return Collections.unmodifiableSet(homes.keySet());
  }

  /** The shape of every tensor. */
  public Map<String, List<Long>> shapes() {
    Map<String, List<Long>> shapes = new LinkedHashMap<>();
    homes.forEach((name, file) -> shapes.put(name, entry(name).shape()));
    return shapes;
  }

  /** Rows of the output matrix, or of the table that stands in for it. */
  public OptionalLong vocabularyRows() {
    Long rows = ModelSizes.of(shapes()).get("vocab_size");
    return rows == null ? OptionalLong.empty() : OptionalLong.of(rows);
  }

  /** What the header says of a tensor that is there. */
  public SafetensorsEntry entry(String name) {
    SafetensorsEntry entry = file(name).entries().get(name);
    if (entry == null) {
      throw new IllegalStateException(name + " has left its file");
    }
    return entry;
  }

  /**
   * The elements of a tensor that is there; readable until this is closed.
   *
   * @throws PawlException DATA when they are not floating-point numbers
   */
  public TensorData data(String name) {
    return file(name).data(name);
  }

  private SafetensorsFile file(String name) {
    SafetensorsFile file = homes.get(name);
    if (file == null) {
      throw new IllegalArgumentException("no tensor " + name + " in " + place);
    }
    return file;
  }

  @Override
  public void close() {
    files.forEach(SafetensorsFile::close);
  }
}
