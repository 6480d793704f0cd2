package dev.pawl.model.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pawl.model.architecture.Architecture;
import dev.pawl.model.config.DecoderConfig;
import dev.pawl.model.config.VanillaConfig;
import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import dev.pawl.model.torch.Tensor;
import dev.pawl.model.torch.TensorScope;
import dev.pawl.model.torch.Torch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class CheckpointStoreTest {
  private static final ObjectNode LINEAGE = JsonNodeFactory.instance.objectNode().put("seed", 1);
  private static final Architecture SMALL =
      Architecture.of(new VanillaConfig(64, DecoderConfig.of(1, 32, 2)));

  @TempDir Path folder;

  @BeforeAll
  static void start() {
    Torch.start(2);
  }

  /** Does something to the newest of two checkpoints. */
  private interface Harm {
    void to(Path checkpoint) throws IOException;
  }

  static Stream<Arguments> harms() {
    return Stream.of(
        harm("truncated weights", "model.safetensors has", c -> truncate(c, "model.safetensors")),
        harm("truncated moments", "optimizer.saf", c -> truncate(c, "optimizer.safetensors")),
        harm("flipped bit in weights", "SHA-256", c -> flip(c.resolve("model.safetensors"))),
        harm("flipped bit in moments", "SHA-256", c -> flip(c.resolve("optimizer.safetensors"))),
        harm("no moments", "cannot be read", c -> Files.delete(c.resolve("optimizer.safetensors"))),
        harm("no weights", "cannot be read", c -> Files.delete(c.resolve("model.safetensors"))),
        harm("no manifest", "manifest.json", c -> Files.delete(c.resolve("manifest.json"))),
        harm("truncated manifest", "cannot be read", c -> truncate(c, "manifest.json")),
        harm("another step", "manifest.json", c -> replace(c, "\"step\" : 2", "\"step\" : 3")),
        harm("other samples", "the state", c -> replace(c, "samples\" : 8", "samples\" : 9")));
  }

  private static Arguments harm(String name, String named, Harm harm) {
    return Arguments.of(name, named, harm);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("harms")
  void damagedOneIsFoundAndTheOneBeforeIsUsed(String name, String named, Harm harm)
      throws IOException {
    two();
    harm.to(folder.resolve("checkpoint-2"));
    List<Damage> damaged = new ArrayList<>();
    CheckpointStore store = new CheckpointStore(folder);
    assertEquals(1, store.newestValid(damaged).orElseThrow().step());
    assertEquals(1, damaged.size());
    assertEquals(2, damaged.get(0).step());
    assertTrue(damaged.get(0).problem().contains(named), damaged.get(0).problem());
    assertTrue(damaged.get(0).problem().contains("checkpoint-2"), damaged.get(0).problem());
    assertEquals(Set.of(1L), store.steps());
    assertTrue(Files.isDirectory(folder.resolve("checkpoint-2.damaged")));
  }

  @Test
  void weightsWithoutMomentsAreNothingToGoOnFrom() throws IOException {
    two();
    Path manifest = folder.resolve("checkpoint-2/manifest.json");
    String text = Files.readString(manifest);
    ObjectNode tree = (ObjectNode) new com.fasterxml.jackson.databind.ObjectMapper().readTree(text);
    ((ObjectNode) tree.path("files")).remove("optimizer.safetensors");
    Files.writeString(manifest, tree.toString());
    Files.delete(folder.resolve("checkpoint-2/optimizer.safetensors"));
    List<Damage> damaged = new ArrayList<>();
    assertEquals(1, new CheckpointStore(folder).newestValid(damaged).orElseThrow().step());
    assertTrue(damaged.get(0).problem().contains("training cannot go on"));
  }

  @Test
  void anotherShapeIsRefusedBeforeAnythingIsLoaded() {
    two();
    Checkpoint found = new CheckpointStore(folder).newestValid(new ArrayList<>()).orElseThrow();
    try (TensorScope scope = Torch.scope()) {
      Architecture wider = Architecture.of(new VanillaConfig(64, DecoderConfig.of(1, 64, 2)));
      TrainingState state = TrainingState.empty(scope, wider);
      PawlException refused =
          assertThrows(PawlException.class, () -> CheckpointStore.load(found, state));
      assertEquals(FailureCause.DATA, refused.failureCause());
      assertTrue(refused.getMessage().contains("hidden_size is 32 in the file, 64 in the model"));
      assertEquals(0, state.step());
    }
  }

  @Test
  void leftoversOfADeadProcessGo() throws IOException {
    two();
    Path half = Files.createDirectory(folder.resolve("checkpoint-3.tmp"));
    Files.writeString(half.resolve("model.safetensors"), "half");
    Files.createDirectory(folder.resolve("checkpoint-1.removed"));
    List<Damage> damaged = new ArrayList<>();
    assertEquals(2, new CheckpointStore(folder).newestValid(damaged).orElseThrow().step());
    assertEquals(List.of(), damaged);
    assertFalse(Files.exists(half));
    assertFalse(Files.exists(folder.resolve("checkpoint-1.removed")));
  }

  @Test
  void guardThatRefusesLeavesNothing() {
    two();
    CheckpointStore store = new CheckpointStore(folder);
    SaveGuard refusing =
        new SaveGuard() {
          @Override
          public void move() {
            throw new IllegalStateException("not yours");
          }
        };
    try (TensorScope scope = Torch.scope()) {
      TrainingState state = TrainingState.initial(scope, SMALL, 1);
      state.moveTo(3, 12);
      assertThrows(IllegalStateException.class, () -> store.save(state, LINEAGE, refusing));
    }
    assertEquals(Set.of(1L, 2L), store.steps());
    assertFalse(Files.exists(folder.resolve("checkpoint-3.tmp")));
  }

  @Test
  void snapshotHasTheSameBytesAndDoesNotChangeWithTheState() throws IOException {
    try (TensorScope scope = Torch.scope();
        TensorScope copies = Torch.scope()) {
      TrainingState state = TrainingState.initial(scope, SMALL, 1);
      state.moveTo(5, 20);
      Path straight = new CheckpointStore(folder.resolve("a")).save(state, LINEAGE).folder();
      TrainingState copy = state.snapshot(copies, null);
      double[] before = state.weights().values().iterator().next().toDoubles();
      Tensor first = state.weights().values().iterator().next();
      first.set(TensorScope.direct(4 * first.size()));
      state.moveTo(6, 24);
      Path later = new CheckpointStore(folder.resolve("b")).save(copy, LINEAGE).folder();
      for (String file : List.of("model.safetensors", "optimizer.safetensors", "manifest.json")) {
        assertEquals(-1, Files.mismatch(straight.resolve(file), later.resolve(file)), file);
      }
      assertArrayEquals(before, copy.weights().values().iterator().next().toDoubles());
      assertEquals(copy, state.snapshot(copies, copy), "the same memory is used again");
      assertEquals(0, copy.weights().values().iterator().next().toDoubles()[0]);
      assertEquals(6, copy.step());
    }
  }

  @Test
  void anyPartOfATensorIsRead() {
    try (TensorScope scope = Torch.scope()) {
      Tensor tensor = scope.doubles(new double[] {1, 2, 3, 4, 5, 6}, 2, 3);
      ByteBuffer into = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
      tensor.read(3, into);
      assertEquals(4, into.getDouble(0));
      assertEquals(5, into.getDouble(8));
    }
  }

  private void two() {
    CheckpointStore store = new CheckpointStore(folder);
    try (TensorScope scope = Torch.scope()) {
      TrainingState state = TrainingState.initial(scope, SMALL, 1);
      state.moveTo(1, 4);
      store.save(state, LINEAGE);
      state.moveTo(2, 8);
      store.save(state, LINEAGE);
    }
  }

  private static void truncate(Path checkpoint, String name) throws IOException {
    Path file = checkpoint.resolve(name);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(Files.size(file) / 2);
    }
  }

  private static void flip(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length - 3] ^= 4;
    Files.write(file, bytes);
  }

  private static void replace(Path checkpoint, String old, String now) throws IOException {
    Path file = checkpoint.resolve("manifest.json");
    String text = Files.readString(file);
    assertTrue(text.contains(old), text);
    Files.writeString(file, text.replace(old, now));
  }
}
