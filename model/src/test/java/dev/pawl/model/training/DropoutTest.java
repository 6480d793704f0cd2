package dev.pawl.model.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pawl.model.architecture.Architecture;
import dev.pawl.model.architecture.Weights;
import dev.pawl.model.checkpoint.Checkpoint;
import dev.pawl.model.checkpoint.CheckpointStore;
import dev.pawl.model.checkpoint.TrainingState;
import dev.pawl.model.config.BlockConfig;
import dev.pawl.model.config.BlockDecoderConfig;
import dev.pawl.model.config.DecoderConfig;
import dev.pawl.model.config.EmbedderConfig;
import dev.pawl.model.config.ModelConfig;
import dev.pawl.model.config.Precision;
import dev.pawl.model.config.TokenDecoderConfig;
import dev.pawl.model.config.VanillaConfig;
import dev.pawl.model.torch.Program;
import dev.pawl.model.torch.Tensor;
import dev.pawl.model.torch.TensorScope;
import dev.pawl.model.torch.Torch;
import dev.pawl.model.torch.Value;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** GPT-NeoX's dropouts: what they drop, when, and that nothing else depends on them. */
class DropoutTest {
  private static final ObjectNode LINEAGE = JsonNodeFactory.instance.objectNode();
  private static final double SHARE = 0.3;

  @TempDir Path folder;

  @BeforeAll
  static void start() {
    Torch.start(2);
  }

  private static ModelConfig vanilla(double hidden, double attention) {
    return new VanillaConfig(64, DecoderConfig.of(2, 32, 2).withDropout(hidden, attention));
  }

  private static ModelConfig block(double hidden, double attention) {
    DecoderConfig stack = DecoderConfig.of(2, 32, 2).withDropout(hidden, attention);
    return new BlockConfig(
        64,
        4,
        EmbedderConfig.lookup(0),
        BlockDecoderConfig.of(stack),
        TokenDecoderConfig.prefix(2, stack));
  }

  static Stream<Arguments> variants() {
    return Stream.of(Precision.FP32, Precision.BF16)
        .flatMap(
            precision ->
                Stream.of(
                    Arguments.of(vanilla(0.1, 0.2), precision),
                    Arguments.of(block(0.1, 0.2), precision)));
  }

  @Test
  void aShareOfTheHiddenValuesIsZeroAndTheMeanStays() {
    try (TensorScope scope = Torch.scope();
        Program probe = probe()) {
      double[] ones = new double[64 * 64 * 32];
      Arrays.fill(ones, 1);
      Tensor x = scope.doubles(ones, 64, 64, 32);
      double[] first = entered(probe, scope, x, 5);
      double kept = Arrays.stream(first).filter(v -> v != 0).count() / (double) first.length;
      // Four standard deviations of a share of this many draws.
      assertEquals(1 - SHARE, kept, 4 * Math.sqrt(SHARE * (1 - SHARE) / first.length));
      for (double value : first) {
        assertEquals(value == 0 ? 0 : 1 / (1 - SHARE), value, 1e-12);
      }
      double mean = Arrays.stream(first).average().orElseThrow();
      double variance = Arrays.stream(first).map(v -> v * v).average().orElseThrow() - mean * mean;
      assertEquals(1, mean, 4 * Math.sqrt(SHARE / (1 - SHARE) / first.length));
      assertEquals(SHARE / (1 - SHARE), variance, 0.01);
      assertArrayEquals(first, entered(probe, scope, x, 5));
      assertFalse(Arrays.equals(first, entered(probe, scope, x, 6)));
    }
  }

  @Test
  void aShareOfTheAttentionProbabilitiesIsZeroAndTheRestScaledUp() {
    int length = 64;
    try (TensorScope scope = Torch.scope();
        Program probe = probe()) {
      double[] flat = new double[4 * length * 8];
      double[] units = new double[4 * length * length];
      for (int i = 0; i < 4 * length; i++) {
        units[i * length + i % length] = 1;
      }
      double[] found =
          probe
              .infer(
                  scope,
                  "probabilities",
                  Value.of(scope, scope.doubles(flat, 1, 4, length, 8)),
                  Value.of(scope, scope.doubles(flat, 1, 4, length, 8)),
                  Value.of(scope, scope.doubles(units, 1, 4, length, length)),
                  Value.of(scope, scope.longs(new long[] {5}, 1)))
              .tensor(scope)
              .toDoubles();
      int kept = 0;
      int visible = 0;
      for (int head = 0; head < 4; head++) {
        for (int i = 0; i < length; i++) {
          for (int j = 0; j < length; j++) {
            double value = found[(head * length + i) * length + j];
            if (j > i) {
              assertEquals(0, value);
              continue;
            }
            visible++;
            kept += value != 0 ? 1 : 0;
            // All visible keys are alike: the probability is one in i + 1.
            assertEquals(value == 0 ? 0 : 1 / (1 - SHARE) / (i + 1), value, 1e-12);
          }
        }
      }
      assertEquals(1 - SHARE, kept / (double) visible, 0.03);
    }
  }

  @ParameterizedTest
  @MethodSource("variants")
  void evaluationDropsNothing(ModelConfig dropped, Precision precision) {
    ModelConfig plain = dropped instanceof VanillaConfig ? vanilla(0, 0) : block(0, 0);
    assertArrayEquals(scores(plain, precision), scores(dropped, precision));
  }

  @ParameterizedTest
  @MethodSource("variants")
  void everyStepAndMicroBatchHasItsOwnMask(ModelConfig dropped, Precision precision) {
    // The schedule starts with two steps at rate zero, and the samples are all alike: only the
    // masks
    // differ. The masks of a step of two micro-batches differ from each other too, or its mean
    // would
    // be the loss of the first alone.
    List<Double> ones = losses(dropped, precision, 1, 1);
    assertNotEquals(ones.get(0), ones.get(1));
    assertEquals(ones, losses(dropped, precision, 1, 1));
    assertNotEquals(ones, losses(dropped, precision, 1, 2));
    assertNotEquals(ones.get(0), losses(dropped, precision, 2, 1).get(0));
    ModelConfig plain = dropped instanceof VanillaConfig ? vanilla(0, 0) : block(0, 0);
    List<Double> same = losses(plain, precision, 1, 1);
    assertEquals(same.get(0), same.get(1));
    assertEquals(same.get(0), losses(plain, precision, 2, 1).get(0), 1e-6);
  }

  @ParameterizedTest
  @MethodSource("variants")
  void recomputedLayersDropTheSameValues(ModelConfig config, Precision precision) {
    for (ModelConfig each : List.of(config, vanilla(0.2, 0), block(0.2, 0), block(0, 0.2))) {
      Map<String, double[]> kept = gradients(each, precision, false);
      gradients(each, precision, true)
          .forEach((name, again) -> assertArrayEquals(kept.get(name), again, name));
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
      try (Trainer trainer = trainer(architecture, precision, state)) {
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
      try (Trainer trainer = trainer(architecture, precision, state)) {
        steps(trainer, 4);
        assertEquals(straight.sha256(), second.save(state, LINEAGE).sha256());
      }
    }
  }

  private static Trainer trainer(
      Architecture architecture, Precision precision, TrainingState state) {
    return new Trainer(
        architecture, TrainingFixture.training(precision, 2), TrainingFixture.COUNTING, state, 1);
  }

  private static void steps(Trainer trainer, int count) {
    for (int i = 0; i < count; i++) {
      trainer.step();
    }
  }

  // Losses of the first two steps over samples that are all alike.
  private static List<Double> losses(
      ModelConfig config, Precision precision, int microBatches, long seed) {
    Architecture architecture = Architecture.of(config);
    TrainingData alike = (position, ids, mask) -> TrainingFixture.COUNTING.read(1, ids, mask);
    try (TensorScope scope = Torch.scope()) {
      TrainingState state = TrainingState.initial(scope, architecture, 1);
      try (Trainer trainer =
          new Trainer(
              architecture,
              TrainingFixture.training(precision, 4 / microBatches),
              alike,
              state,
              seed)) {
        return new ArrayList<>(List.of(trainer.step().loss(), trainer.step().loss()));
      }
    }
  }

  private static double[] scores(ModelConfig config, Precision precision) {
    Architecture architecture = Architecture.of(config);
    try (TensorScope scope = Torch.scope();
        Program program = architecture.load(precision)) {
      Map<String, Tensor> weights = architecture.trained(Weights.initial(scope, architecture, 1));
      return program
          .infer(
              scope,
              "score",
              program.infer(scope, "prepare", Value.of(scope, weights)),
              Value.of(scope, scope.longs(TrainingBatch.ids(), TrainingBatch.SHAPE)),
              Value.of(scope, scope.mask(TrainingBatch.mask(), TrainingBatch.SHAPE)))
          .tensor(scope)
          .toDoubles();
    }
  }

  private static Map<String, double[]> gradients(
      ModelConfig config, Precision precision, boolean recompute) {
    return TrainingBatch.gradients(Architecture.of(config), precision, recompute, 3);
  }

  private static double[] entered(Program probe, TensorScope scope, Tensor x, long seed) {
    return probe
        .infer(
            scope,
            "entered",
            Value.of(scope, x),
            Value.of(scope, scope.longs(new long[] {seed}, 1)))
        .tensor(scope)
        .toDoubles();
  }

  private static Program probe() {
    return Torch.load(
        "dropout_probe",
        "DropoutProbe",
        List.of("linear", "neox"),
        Map.of("hidden", SHARE, "attention", SHARE));
  }
}
