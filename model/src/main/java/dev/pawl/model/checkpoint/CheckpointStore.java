package dev.pawl.model.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import dev.pawl.model.torch.Tensor;
import dev.pawl.model.weights.SafetensorsWriter;
import dev.pawl.model.weights.TorchData;
import dev.pawl.model.weights.WeightCheck;
import dev.pawl.model.weights.WeightFiles;
import dev.pawl.model.weights.WeightLoader;
import dev.pawl.model.weights.WeightWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The checkpoints of one training in one folder: {@code checkpoint-<step>/} with {@code
 * model.safetensors} (published names), {@code optimizer.safetensors} and {@code manifest.json}.
 *
 * <p>A checkpoint appears whole: its files are written and forced under a temporary name, then the
 * folder is moved. Saving a step that is there already replaces it. One writer at a time.
 */
public final class CheckpointStore {
  static final String MODEL = "model.safetensors";
  static final String OPTIMIZER = "optimizer.safetensors";

  /** The name of the file that vouches for the others. */
  public static final String MANIFEST = "manifest.json";

  private static final long SPARE_BYTES = 16L << 20;

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
  private static final Pattern NAME = Pattern.compile("checkpoint-(\\d+)");

  private final Path folder;
  private final SaveListener listener;
  private @Nullable String parent;

  public CheckpointStore(Path folder) {
    this(folder, SaveListener.SILENT);
  }

  /** The same, with somebody who hears how far each saving is. */
  public CheckpointStore(Path folder, SaveListener listener) {
    this.folder = folder;
    this.listener = listener;
  }

  /**
   * Saves a state with its lineage. Its parent in the chain is what this store saved or found last.
   */
  public Checkpoint save(TrainingState state, JsonNode lineage) {
    Path target = folder.resolve("checkpoint-" + state.step());
    Path temporary = folder.resolve("checkpoint-" + state.step() + ".tmp");
    try {
      delete(temporary);
      Files.createDirectories(temporary);
      requireSpace(temporary, state);
      SafetensorsWriter.Written model =
          SafetensorsWriter.write(temporary.resolve(MODEL), TorchData.of(state.stored()));
      listener.reached(SaveListener.Moment.WEIGHTS_WRITTEN, state.step());
      SafetensorsWriter.Written optimizer =
          SafetensorsWriter.write(temporary.resolve(OPTIMIZER), TorchData.of(state.moments()));
      String sha256 = stateDigest(state, model, optimizer);
      ObjectNode manifest = JSON.createObjectNode();
      manifest.put("format", 1);
      manifest.put("step", state.step());
      manifest.put("consumed_samples", state.consumedSamples());
      manifest.put("sha256", sha256);
      manifest.put("parent_sha256", parent);
      file(manifest, MODEL, model);
      file(manifest, OPTIMIZER, optimizer);
      manifest.set("lineage", lineage);
      WeightWriter.writeForced(temporary.resolve(MANIFEST), JSON.writeValueAsBytes(manifest));
      WeightWriter.forceFolder(temporary);
      listener.reached(SaveListener.Moment.FORCED, state.step());
      delete(target);
      Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
      WeightWriter.forceFolder(folder);
      Checkpoint saved =
          new Checkpoint(
              target,
              state.step(),
              state.consumedSamples(),
              sha256,
              Optional.ofNullable(parent),
              lineage);
      parent = sha256;
      return saved;
    } catch (IOException e) {
      discard(temporary, e);
      throw new PawlException(
          FailureCause.INFRASTRUCTURE,
          "checkpoint %s could not be written (%s); the one before it is intact"
              .formatted(target, e.getMessage()),
          e);
    }
  }

  /**
   * Writes the manifest of a folder that holds a model's weights and nothing to go on training
   * with.
   */
  public static void writeManifest(Path folder, SafetensorsWriter.Written model, JsonNode lineage)
      throws IOException {
    MessageDigest digest = Digests.sha256();
    model
        .tensors()
        .forEach(
            (name, sha) ->
                digest.update((name + " " + sha + "\n").getBytes(StandardCharsets.UTF_8)));
    ObjectNode manifest = JSON.createObjectNode();
    manifest.put("format", 1).put("step", 0).put("consumed_samples", 0);
    manifest.put("sha256", Digests.hex(digest));
    file(manifest, MODEL, model);
    manifest.set("lineage", lineage);
    WeightWriter.writeForced(folder.resolve(MANIFEST), JSON.writeValueAsBytes(manifest));
  }

  /**
   * The newest checkpoint whose files all match its manifest. Damaged ones are left in place under
   * the name {@code <name>.damaged} and listed.
   */
  public Optional<Checkpoint> newestValid(List<String> problems) {
    for (Path candidate : newestFirst()) {
      try {
        Checkpoint found = verify(candidate);
        parent = found.sha256();
        return Optional.of(found);
      } catch (PawlException e) {
        problems.add(e.getMessage());
        setAside(candidate);
      }
    }
    return Optional.empty();
  }

  /** The newest checkpoint folder, not yet verified. */
  public Optional<Path> newest() {
    return newestFirst().stream().findFirst();
  }

  /**
   * Reads a checkpoint's manifest and verifies every file it lists; those of the model are always
   * among them, those of the optimizer only where training can go on.
   */
  public static Checkpoint verify(Path checkpoint) {
    try {
      JsonNode manifest = JSON.readTree(Files.readAllBytes(checkpoint.resolve(MANIFEST)));
      JsonNode files = manifest.path("files");
      if (!files.has(MODEL)) {
        throw damaged(checkpoint.resolve(MANIFEST), "lists no " + MODEL);
      }
      for (Map.Entry<String, JsonNode> entry : files.properties()) {
        JsonNode expected = entry.getValue();
        Path file = checkpoint.resolve(entry.getKey());
        long bytes = Files.size(file);
        if (bytes != expected.path("bytes").asLong(-1)) {
          throw damaged(
              file, "has %d bytes, its manifest says %s".formatted(bytes, expected.path("bytes")));
        }
        if (!Digests.ofFile(file).equals(expected.path("sha256").asText())) {
          throw damaged(file, "does not have the SHA-256 of its manifest");
        }
      }
      return new Checkpoint(
          checkpoint,
          manifest.path("step").asLong(),
          manifest.path("consumed_samples").asLong(),
          manifest.path("sha256").asText(),
          Optional.ofNullable(manifest.path("parent_sha256").textValue()),
          manifest.path("lineage"));
    } catch (IOException e) {
      throw new PawlException(
          FailureCause.DATA, "checkpoint " + checkpoint + " cannot be read: " + e, e);
    }
  }

  /** Loads a whole training state. */
  public static void load(Checkpoint checkpoint, TrainingState state) {
    fill(checkpoint.folder().resolve(MODEL), state.weights());
    fill(checkpoint.folder().resolve(OPTIMIZER), state.moments());
    state.moveTo(checkpoint.step(), checkpoint.consumedSamples());
  }

  /** Loads the weights alone. */
  public static void loadWeights(Checkpoint checkpoint, Map<String, Tensor> weights) {
    fill(checkpoint.folder().resolve(MODEL), weights);
  }

  private static void fill(Path file, Map<String, Tensor> tensors) {
    Map<String, List<Long>> shapes = new LinkedHashMap<>();
    tensors.forEach(
        (name, tensor) -> shapes.put(name, Arrays.stream(tensor.shape()).boxed().toList()));
    try (WeightFiles files = WeightFiles.open(file)) {
      WeightCheck.requireAll(files, shapes);
      WeightLoader.fill(files, tensors);
    }
  }

  /** Removes all but the newest few. */
  public void keepNewest(int count) {
    List<Path> all = newestFirst();
    for (Path old : all.subList(Math.min(count, all.size()), all.size())) {
      try {
        delete(old);
      } catch (IOException e) {
        throw new PawlException(
            FailureCause.INFRASTRUCTURE, "old checkpoint " + old + " cannot be removed: " + e, e);
      }
    }
  }

  // The digest names every tensor and the position, so that equal digests mean equal continuations.
  private static String stateDigest(
      TrainingState state, SafetensorsWriter.Written model, SafetensorsWriter.Written optimizer) {
    MessageDigest digest = Digests.sha256();
    StringBuilder text = new StringBuilder();
    text.append("step ").append(state.step()).append('\n');
    text.append("consumed_samples ").append(state.consumedSamples()).append('\n');
    model.tensors().forEach((name, sha) -> text.append(name).append(' ').append(sha).append('\n'));
    optimizer
        .tensors()
        .forEach((name, sha) -> text.append(name).append(' ').append(sha).append('\n'));
    digest.update(text.toString().getBytes(StandardCharsets.UTF_8));
    return Digests.hex(digest);
  }

  // Asked before the first byte, and with room to spare, so that the record can still say what
  // happened when both live on one disk.
  private static void requireSpace(Path folder, TrainingState state) throws IOException {
    long needed = SPARE_BYTES;
    for (Map<String, Tensor> tensors : List.of(state.stored(), state.moments())) {
      for (Tensor tensor : tensors.values()) {
        needed += tensor.size() * tensor.type().bytes();
      }
    }
    long usable = Files.getFileStore(folder).getUsableSpace();
    if (usable < needed) {
      throw new IOException(
          "No space left on device: %,d bytes are needed, %,d are free".formatted(needed, usable));
    }
  }

  private static void discard(Path temporary, IOException trouble) {
    try {
      delete(temporary);
    } catch (IOException e) {
      trouble.addSuppressed(e);
    }
  }

  private static void file(ObjectNode manifest, String name, SafetensorsWriter.Written written) {
    ObjectNode node = manifest.withObject("/files").putObject(name);
    node.put("bytes", written.bytes()).put("sha256", written.sha256());
    ObjectNode tensors = node.putObject("tensors");
    written.tensors().forEach(tensors::put);
  }

  private List<Path> newestFirst() {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> children = Files.list(folder)) {
      List<Path> found = new ArrayList<>(children.filter(p -> stepOf(p) >= 0).toList());
      found.sort(Comparator.comparingLong(CheckpointStore::stepOf).reversed());
      return found;
    } catch (IOException e) {
      throw new PawlException(
          FailureCause.INFRASTRUCTURE, "folder " + folder + " cannot be listed: " + e, e);
    }
  }

  private static long stepOf(Path path) {
    Matcher matcher = NAME.matcher(path.getFileName().toString());
    return matcher.matches() ? Long.parseLong(matcher.group(1)) : -1;
  }

  private static void setAside(Path checkpoint) {
    try {
      Path aside = checkpoint.resolveSibling(checkpoint.getFileName() + ".damaged");
      delete(aside);
      Files.move(checkpoint, aside, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new PawlException(
          FailureCause.INFRASTRUCTURE, "damaged " + checkpoint + " cannot be set aside: " + e, e);
    }
  }

  private static PawlException damaged(Path file, String how) {
    return new PawlException(FailureCause.DATA, file + " " + how);
  }

  private static void delete(Path path) throws IOException {
    if (!Files.exists(path)) {
      return;
    }
    try (Stream<Path> tree = Files.walk(path)) {
      for (Path each : tree.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    }
  }
}
