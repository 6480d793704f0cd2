package dev.pawl.model.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pawl.model.architecture.Architecture;
import dev.pawl.model.checkpoint.Checkpoint;
import dev.pawl.model.checkpoint.CheckpointStore;
import dev.pawl.model.checkpoint.Damage;
import dev.pawl.model.checkpoint.TrainingState;
import dev.pawl.model.config.ModelConfig;
import dev.pawl.model.config.Precision;
import dev.pawl.model.config.TrainingConfig;
import dev.pawl.model.dataset.TokenType;
import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import dev.pawl.model.torch.Tensor;
import dev.pawl.model.torch.TensorScope;
import dev.pawl.model.torch.Torch;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class TrainerTest {
  private static final ObjectNode LINEAGE = JsonNodeFactory.instance.objectNode().put("seed", 1);

  @TempDir Path folder;

  @BeforeAll
  static void start() {
    Torch.start(2);
  }

  static Stream<Arguments> variants() {
    return Stream.of(
        Arguments.of(TrainingFixture.vanilla(), Precision.FP32),
        Arguments.of(TrainingFixture.vanilla(), Precision.BF16),
        Arguments.of(TrainingFixture.block(), Precision.FP32),
        Arguments.of(TrainingFixture.block(), Precision.BF16));
  }

  @ParameterizedTest
  @MethodSource("variants")
  void lossFallsAndEveryWeightMoves(ModelConfig config, Precision precision) {
    Architecture architecture = Architecture.of(config);
    try (TensorScope scope = Torch.scope()) {
      TrainingState state = TrainingState.initial(scope, architecture, 1);
      List<double[]> before = copies(state);
      double first;
      double last = 0;
      try (Trainer trainer = trainer(architecture, precision, 4, state)) {
        first = trainer.step().loss();
        for (int i = 0; i < 60; i++) {
          last = trainer.step().loss();
        }
      }
      assertEquals(Math.log(64), first, 0.1);
      assertTrue(last < 0.7 * first, first + " -> " + last);
      List<double[]> after = copies(state);
      for (int i = 0; i < before.size(); i++) {
        assertNotEquals(sum(before.get(i)), sum(after.get(i)), "tensor " + i);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("variants")
  void resumedTrainingEqualsStraightTrainingBitForBit(ModelConfig config, Precision precision) {
    Architecture architecture = Architecture.of(config);
    CheckpointStore store = new CheckpointStore(folder);
    Checkpoint straight;
    try (TensorScope scope = Torch.scope()) {
      TrainingState state = TrainingState.initial(scope, architecture, 1);
      try (Trainer trainer = trainer(architecture, precision, 2, state)) {
        steps(trainer, 3);
        store.save(state, LINEAGE);
        steps(trainer, 4);
        straight = store.save(state, LINEAGE);
      }
    }
    CheckpointStore second = new CheckpointStore(folder.resolve("second"));
    try (TensorScope scope = Torch.scope()) {
      TrainingState state = TrainingState.empty(scope, architecture);
      CheckpointStore.load(CheckpointStore.verify(folder.resolve("checkpoint-3")), state);
      try (Trainer trainer = trainer(architecture, precision, 2, state)) {
        steps(trainer, 4);
        assertEquals(straight.sha256(), second.save(state, LINEAGE).sha256());
      }
    }
  }

  @ParameterizedTest
  @MethodSource("variants")
  void idsOfSixteenBitsTrainTheSameBits(ModelConfig config, Precision precision) {
    TrainingData narrow =
        new TrainingData() {
          @Override
          public void read(long position, int[] ids, byte[] mask) {
            TrainingFixture.COUNTING.read(position, ids, mask);
          }

          @Override
          public TokenType bufferType() {
            return TokenType.UINT16;
          }
        };
    Architecture architecture = Architecture.of(config);
    TrainingConfig training = TrainingFixture.training(precision, 2);
    List<String> digests = new ArrayList<>();
    for (TrainingData data : List.of(TrainingFixture.COUNTING, narrow)) {
      try (TensorScope scope = Torch.scope()) {
        TrainingState state = TrainingState.initial(scope, architecture, 1);
        try (Trainer trainer = new Trainer(architecture, training, data, state, 1)) {
          steps(trainer, 3);
        }
        Path place = folder.resolve("bits" + digests.size());
        digests.add(new CheckpointStore(place).save(state, LINEAGE).sha256());
      }
    }
    assertEquals(digests.get(0), digests.get(1));
  }

  @Test
  void microBatchesAverageToTheWholeBatch() {
    Architecture architecture = Architecture.of(TrainingFixture.vanilla());
    List<StepResult> results = new ArrayList<>();
    for (int microBatch : new int[] {4, 1}) {
      try (TensorScope scope = Torch.scope()) {
        TrainingState state = TrainingState.initial(scope, architecture, 1);
        try (Trainer trainer = trainer(architecture, Precision.FP32, microBatch, state)) {
          trainer.step();
          trainer.step();
          results.add(trainer.step());
          assertEquals(12, state.consumedSamples());
        }
      }
    }
    assertEquals(results.get(0).loss(), results.get(1).loss(), 1e-5);
    assertEquals(results.get(0).gradientNorm(), results.get(1).gradientNorm(), 1e-4);
  }

  @Test
  void newestDamagedCheckpointIsSetAsideAndTheOneBeforeIsUsed() throws Exception {
    Architecture architecture = Architecture.of(TrainingFixture.vanilla());
    CheckpointStore store = new CheckpointStore(folder);
    try (TensorScope scope = Torch.scope()) {
      TrainingState state = TrainingState.initial(scope, architecture, 1);
      state.moveTo(1, 4);
      store.save(state, LINEAGE);
      state.moveTo(2, 8);
      store.save(state, LINEAGE);
    }
    Path model = folder.resolve("checkpoint-2/model.safetensors");
    byte[] bytes = Files.readAllBytes(model);
    bytes[bytes.length / 2] ^= 1;
    Files.write(model, bytes);
    List<Damage> problems = new ArrayList<>();
    assertEquals(1, store.newestValid(problems).orElseThrow().step());
    assertEquals(1, problems.size());
    assertEquals(2, problems.get(0).step());
    assertTrue(problems.get(0).problem().contains("checkpoint-2"), problems.get(0).problem());
    assertTrue(Files.exists(folder.resolve("checkpoint-2.damaged/manifest.json")));
  }

  @Test
  void checkpointOfAnotherShapeNamesEveryTensorThatDoesNotFit() {
    CheckpointStore store = new CheckpointStore(folder);
    try (TensorScope scope = Torch.scope()) {
      Checkpoint saved =
          store.save(
              TrainingState.initial(scope, Architecture.of(TrainingFixture.vanilla()), 1), LINEAGE);
      TrainingState other =
          TrainingState.empty(scope, Architecture.of(TrainingFixture.vanilla().withVocabSize(128)));
      PawlException failure =
          assertThrows(PawlException.class, () -> CheckpointStore.load(saved, other));
      assertEquals(FailureCause.DATA, failure.failureCause());
      assertTrue(failure.getMessage().contains("gpt_neox.embed_in.weight has shape [64, 32]"));
      assertTrue(failure.getMessage().contains("embed_out.weight has shape [64, 32]"));
    }
  }

  @Test
  void thousandStepsLeaveMemoryFlat() throws Exception {
    Architecture architecture = Architecture.of(TrainingFixture.block());
    try (TensorScope scope = Torch.scope()) {
      TrainingState state = TrainingState.initial(scope, architecture, 1);
      try (Trainer trainer = trainer(architecture, Precision.FP32, 4, state)) {
        steps(trainer, 200);
        long before = nativeBytes();
        steps(trainer, 1000);
        long grown = nativeBytes() - before;
        assertTrue(
            grown < 60L << 20, "memory outside the Java heap grew by " + (grown >> 20) + " MiB");
      }
    }
  }

  private static Trainer trainer(
      Architecture architecture, Precision precision, int microBatch, TrainingState state) {
    TrainingConfig config = TrainingFixture.training(precision, microBatch);
    return new Trainer(architecture, config, TrainingFixture.COUNTING, state, 1);
  }

  private static void steps(Trainer trainer, int count) {
    for (int i = 0; i < count; i++) {
      trainer.step();
    }
  }

  private static List<double[]> copies(TrainingState state) {
    return state.weights().values().stream().map(Tensor::toDoubles).toList();
  }

  private static double sum(double[] values) {
    double sum = 0;
    for (int i = 0; i < values.length; i++) {
      sum += values[i] * (1 + i % 7);
    }
    return sum;
  }

  // The heap may take what it is given; a leaked tensor shows outside of it.
  private static long nativeBytes() throws Exception {
    System.gc();
    MemoryMXBean java = ManagementFactory.getMemoryMXBean();
    long heap = java.getHeapMemoryUsage().getCommitted();
    return residentBytes() - heap;
  }

  private static long residentBytes() throws Exception {
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
        .findFirst()
        .orElseThrow();
  }
}
