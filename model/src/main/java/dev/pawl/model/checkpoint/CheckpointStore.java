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
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
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

  private static final String ANOMALIES = "anomalies";

  private static final long SPARE_BYTES = 16L << 20;

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private final Path folder;
  private final CheckpointFolders folders;
  private @Nullable String parent;

  public CheckpointStore(Path folder) {
    this.folder = folder;
    this.folders = new CheckpointFolders(folder);
  }

  /**
   * Saves a state with its lineage. Its parent in the chain is what this store saved or found last.
   */
  public Checkpoint save(TrainingState state, JsonNode lineage) {
    return save(state, lineage, SaveGuard.NONE);
  }

  /**
   * Saves a state while a guard lets it.
   *
   * @throws PawlException INFRASTRUCTURE when it could not be written; checkpoints that were there
   *     are there still
   */
  public Checkpoint save(TrainingState state, JsonNode lineage, SaveGuard guard) {
    Path target = folders.of(state.step());
    Path temporary = CheckpointFolders.withEnding(target, CheckpointFolders.TEMPORARY);
    try {
      return save(state, lineage, guard, target, temporary);
    } catch (IOException e) {
      discard(temporary, e);
      throw new PawlException(
          FailureCause.INFRASTRUCTURE,
          "checkpoint %s could not be written (%s); the one before it is intact"
              .formatted(target, e.getMessage()),
          e);
    } catch (RuntimeException e) {
      discard(temporary, e);
      throw e;
    }
  }

  private Checkpoint save(
      TrainingState state, JsonNode lineage, SaveGuard guard, Path target, Path temporary)
      throws IOException {
    CheckpointFolders.delete(temporary);
    Files.createDirectories(temporary);
    requireSpace(temporary, state);
    SafetensorsWriter.Written model = write(temporary.resolve(MODEL), state.stored(), guard);
    guard.weightsWritten();
    SafetensorsWriter.Written optimizer =
        write(temporary.resolve(OPTIMIZER), state.moments(), guard);
    String sha256 =
        stateDigest(
            state.step(),
            state.consumedSamples(),
            state.anomalies(),
            model.tensors(),
            optimizer.tensors());
    ObjectNode manifest = JSON.createObjectNode();
    manifest.put("format", 1);
    manifest.put("step", state.step());
    manifest.put("consumed_samples", state.consumedSamples());
    manifest.put("sha256", sha256);
    manifest.put("parent_sha256", parent);
    if (!state.anomalies().equals(AnomalyState.NONE)) {
      manifest.set(ANOMALIES, state.anomalies().json());
    }
    file(manifest, MODEL, model);
    file(manifest, OPTIMIZER, optimizer);
    manifest.set("lineage", lineage);
    WeightWriter.writeForced(temporary.resolve(MANIFEST), JSON.writeValueAsBytes(manifest));
    WeightWriter.forceFolder(temporary);
    guard.move();
    folders.place(temporary, target);
    WeightWriter.forceFolder(folder);
    Checkpoint saved =
        new Checkpoint(
            target,
            state.step(),
            state.consumedSamples(),
            sha256,
            Optional.ofNullable(parent),
            state.anomalies(),
            lineage);
    parent = sha256;
    return saved;
  }

  private static SafetensorsWriter.Written write(
      Path file, Map<String, Tensor> tensors, SaveGuard guard) throws IOException {
    return SafetensorsWriter.write(file, GuardedData.of(TorchData.of(tensors), guard));
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
   * The newest checkpoint that training can go on from: all its files are there and match its
   * manifest, and the manifest itself. Damaged ones are left in place under the name {@code
   * <name>.damaged} and listed. What a process that died had half written or half removed goes.
   */
  public Optional<Checkpoint> newestValid(List<Damage> damaged) {
    folders.clean();
    parent = null;
    for (Map.Entry<Long, Path> candidate : folders.all().descendingMap().entrySet()) {
      try {
        Checkpoint found = verify(candidate.getValue());
        requireWhole(found, candidate.getKey());
        parent = found.sha256();
        return Optional.of(found);
      } catch (PawlException e) {
        damaged.add(new Damage(candidate.getKey(), String.valueOf(e.getMessage())));
        CheckpointFolders.setAside(candidate.getValue());
      }
    }
    return Optional.empty();
  }

  /** The steps that have a checkpoint, not verified. */
  public NavigableSet<Long> steps() {
    return new TreeSet<>(folders.all().keySet());
  }

  /** The folder of a step's checkpoint, whether it is there or not. */
  public Path folder(long step) {
    return folders.of(step);
  }

  /** Removes the checkpoint of a step; absent is fine. */
  public void remove(long step) {
    folders.remove(step);
  }

  /** The newest checkpoint folder, not yet verified. */
  public Optional<Path> newest() {
    return Optional.ofNullable(folders.all().lastEntry()).map(Map.Entry::getValue);
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
      requireOwnDigest(checkpoint, manifest);
      return new Checkpoint(
          checkpoint,
          manifest.path("step").asLong(),
          manifest.path("consumed_samples").asLong(),
          manifest.path("sha256").asText(),
          Optional.ofNullable(manifest.path("parent_sha256").textValue()),
          AnomalyState.of(manifest.path(ANOMALIES)),
          manifest.path("lineage"));
    } catch (IOException e) {
      throw new PawlException(
          FailureCause.DATA, "checkpoint " + checkpoint + " cannot be read: " + e, e);
    } catch (IllegalArgumentException e) {
      throw damaged(checkpoint.resolve(MANIFEST), "is not to be understood: " + e.getMessage());
    }
  }

  // The state's digest follows from what the manifest lists: a changed step shows.
  private static void requireOwnDigest(Path checkpoint, JsonNode manifest) {
    if (!manifest.path("files").has(OPTIMIZER)) {
      return;
    }
    String digest =
        stateDigest(
            manifest.path("step").asLong(),
            manifest.path("consumed_samples").asLong(),
            AnomalyState.of(manifest.path(ANOMALIES)),
            tensors(manifest, MODEL),
            tensors(manifest, OPTIMIZER));
    if (!digest.equals(manifest.path("sha256").asText())) {
      throw damaged(
          checkpoint.resolve(MANIFEST), "does not have the sha256 of the state that it describes");
    }
  }

  private static Map<String, String> tensors(JsonNode manifest, String file) {
    Map<String, String> tensors = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> entry :
        manifest.path("files").path(file).path("tensors").properties()) {
      tensors.put(entry.getKey(), entry.getValue().asText());
    }
    return tensors;
  }

  private static void requireWhole(Checkpoint found, long step) {
    if (found.step() != step) {
      throw damaged(found.folder().resolve(MANIFEST), "is of step " + found.step());
    }
    if (!Files.isRegularFile(found.folder().resolve(OPTIMIZER))) {
      throw damaged(found.folder(), "has no " + OPTIMIZER + ": training cannot go on from it");
    }
  }

  /**
   * Loads a whole training state.
   *
   * @throws PawlException DATA with all tensors that do not fit; nothing is loaded then
   */
  public static void load(Checkpoint checkpoint, TrainingState state) {
    Path model = checkpoint.folder().resolve(MODEL);
    Path optimizer = checkpoint.folder().resolve(OPTIMIZER);
    requireFit(model, state.weights());
    requireFit(optimizer, state.moments());
    fill(model, state.weights());
    fill(optimizer, state.moments());
    state.moveTo(checkpoint.step(), checkpoint.consumedSamples(), checkpoint.anomalies());
  }

  /** Loads the weights alone. */
  public static void loadWeights(Checkpoint checkpoint, Map<String, Tensor> weights) {
    fill(checkpoint.folder().resolve(MODEL), weights);
  }

  private static void requireFit(Path file, Map<String, Tensor> tensors) {
    try (WeightFiles files = WeightFiles.open(file)) {
      requireFit(files, tensors);
    }
  }

  private static void requireFit(WeightFiles files, Map<String, Tensor> tensors) {
    Map<String, List<Long>> shapes = new LinkedHashMap<>();
    tensors.forEach(
        (name, tensor) -> shapes.put(name, Arrays.stream(tensor.shape()).boxed().toList()));
    WeightCheck.requireAll(files, shapes);
  }

  private static void fill(Path file, Map<String, Tensor> tensors) {
    try (WeightFiles files = WeightFiles.open(file)) {
      requireFit(files, tensors);
      WeightLoader.fill(files, tensors);
    }
  }

  /** Removes those beyond a step. */
  public void removeAfter(long step) {
    new TreeMap<>(folders.all()).tailMap(step, false).keySet().forEach(this::remove);
  }

  // The digest names every tensor and the position, so that equal digests mean equal continuations.
  private static String stateDigest(
      long step,
      long consumedSamples,
      AnomalyState anomalies,
      Map<String, String> model,
      Map<String, String> optimizer) {
    MessageDigest digest = Digests.sha256();
    StringBuilder text = new StringBuilder();
    text.append("step ").append(step).append('\n');
    text.append("consumed_samples ").append(consumedSamples).append('\n');
    text.append(anomalies.digestLines());
    model.forEach((name, sha) -> text.append(name).append(' ').append(sha).append('\n'));
    optimizer.forEach((name, sha) -> text.append(name).append(' ').append(sha).append('\n'));
    digest.update(text.toString().getBytes(StandardCharsets.UTF_8));
    return Digests.hex(digest);
  }

  // Asked before the first byte, and with room to spare, so that the record can still say what
  // happened when both live on one disk.
  private static void requireSpace(Path folder, TrainingState state) throws IOException {
    long needed = SPARE_BYTES + state.bytes();
    long usable = Files.getFileStore(folder).getUsableSpace();
    if (usable < needed) {
      throw new IOException(
          "No space left on device: %,d bytes are needed, %,d are free".formatted(needed, usable));
    }
  }

  private static void discard(Path temporary, Exception trouble) {
    try {
      CheckpointFolders.delete(temporary);
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

  private static PawlException damaged(Path file, String how) {
    return new PawlException(FailureCause.DATA, file + " " + how);
  }
}
