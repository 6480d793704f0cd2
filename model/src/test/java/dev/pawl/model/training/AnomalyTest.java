package dev.pawl.model.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.pawl.model.architecture.Architecture;
import dev.pawl.model.checkpoint.AnomalyReason;
import dev.pawl.model.checkpoint.AnomalyState;
import dev.pawl.model.checkpoint.Checkpoint;
import dev.pawl.model.checkpoint.CheckpointStore;
import dev.pawl.model.checkpoint.SkippedRange;
import dev.pawl.model.checkpoint.TrainingState;
import dev.pawl.model.config.AnomalyAction;
import dev.pawl.model.config.AnomalyConfig;
import dev.pawl.model.config.TrainingConfig;
import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import dev.pawl.model.torch.Tensor;
import dev.pawl.model.torch.TensorScope;
import dev.pawl.model.torch.Torch;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of a state when a step is not as it should be. */
class AnomalyTest {
  private static final Architecture MODEL = Architecture.of(TrainingFixture.vanilla());

  @TempDir Path folder;

  @BeforeAll
  static void start() {
    Torch.start(2);
  }

  @Test
  void aSkippedStepMovesThePositionAndNoWeight() {
    try (TensorScope scope = Torch.scope()) {
      TrainingState state = TrainingState.initial(scope, MODEL, 1);
      List<double[]> before = copies(state);
      try (Trainer trainer = trainer(state, AnomalyAction.SKIP, 2)) {
        for (int step = 1; step <= 2; step++) {
          SkippedRange range = trainer.step().skipped().orElseThrow();
          assertEquals(AnomalyReason.GRADIENT_NORM_SPIKE, range.reason());
          assertEquals(4L * (step - 1), range.firstSample());
          assertEquals(4, range.samples());
          assertTrue(range.value() > 1e-6);
          assertEquals(step, state.step());
          assertEquals(4L * step, state.consumedSamples());
          assertEquals(0, state.updates());
          assertEquals(0, state.trainedSamples());
        }
        PawlException failure = assertThrows(PawlException.class, trainer::step);
        assertEquals(FailureCause.NUMERIC, failure.failureCause());
        assertTrue(failure.getMessage().contains("max_skips"), failure.getMessage());
      }
      same(before, copies(state));
      assertEquals(2, state.step());
    }
  }

  @Test
  void aStepToGoBackFromLeavesTheStateAsItWas() {
    try (TensorScope scope = Torch.scope()) {
      TrainingState state = TrainingState.initial(scope, MODEL, 1);
      state.moveTo(12, 48);
      List<double[]> before = copies(state);
      try (Trainer trainer = trainer(state, AnomalyAction.REWIND, 2)) {
        SkippedRange range = trainer.step().skipped().orElseThrow();
        assertEquals(10, range.step());
        assertEquals(13, range.failedStep());
        assertEquals(40, range.firstSample());
        assertEquals(12, range.samples());
      }
      same(before, copies(state));
      assertEquals(12, state.step());
      assertEquals(48, state.consumedSamples());
    }
  }

  @Test
  void whatWasPassedOverIsInTheCheckpointAndItsDigest() {
    CheckpointStore store = new CheckpointStore(folder);
    try (TensorScope scope = Torch.scope()) {
      TrainingState state = TrainingState.initial(scope, MODEL, 1);
      state.moveTo(3, 12);
      String plain = store.save(state, JsonNodeFactory.instance.objectNode()).sha256();
      AnomalyState seen =
          AnomalyState.NONE
              .observe(1.0 / 3, 10)
              .observe(0.1, 10)
              .skip(
                  new SkippedRange(
                      AnomalyAction.SKIP, AnomalyReason.LOSS_NOT_FINITE, 1, 2, 4, 4, Double.NaN));
      state.moveTo(3, 12, seen);
      Checkpoint saved = store.save(state, JsonNodeFactory.instance.objectNode());
      assertNotEquals(plain, saved.sha256());
      TrainingState loaded = TrainingState.empty(scope, MODEL);
      CheckpointStore.load(CheckpointStore.verify(saved.folder()), loaded);
      assertEquals(seen, loaded.anomalies());
      assertEquals(2, loaded.updates());
      assertEquals(8, loaded.trainedSamples());
      state.moveTo(3, 12, AnomalyState.NONE);
      assertEquals(plain, store.save(state, JsonNodeFactory.instance.objectNode()).sha256());
    }
  }

  @Test
  void theRunningMeanIsPlainAtFirstAndForgetsLater() {
    AnomalyState seen = AnomalyState.NONE.observe(2, 4).observe(4, 4).observe(9, 4);
    assertEquals(5, seen.mean(), 1e-15);
    assertEquals(26 / 3.0, seen.variance(), 1e-14);
    AnomalyState fifth = seen.observe(5, 4).observe(9, 4);
    assertEquals(6, fifth.mean(), 1e-15);
    // Three quarters of 6.5 and of a quarter of 16.
    assertEquals(0.75 * (6.5 + 4), fifth.variance(), 1e-14);
  }

  @Test
  void dataEnds() {
    TrainingData ten =
        new TrainingData() {
          @Override
          public void read(long position, int[] ids, byte[] mask) {
            TrainingFixture.COUNTING.read(position, ids, mask);
          }

          @Override
          public long samples() {
            return 10;
          }
        };
    try (TensorScope scope = Torch.scope()) {
      TrainingState state = TrainingState.initial(scope, MODEL, 1);
      SkippedRange range =
          new SkippedRange(AnomalyAction.REWIND, AnomalyReason.LOSS_SPIKE, 1, 2, 4, 3, 9);
      TrainingConfig config = new Recipes().batch(4, 2).steps(100, 0).make();
      try (Trainer trainer = new Trainer(MODEL, config, ten, state, 1, List.of(range))) {
        trainer.step();
        assertEquals(4, state.consumedSamples());
        assertTrue(trainer.hasData());
        trainer.passOver();
        trainer.passOver();
        assertEquals(7, state.consumedSamples());
        assertEquals(List.of(range), state.anomalies().skipped());
        assertFalse(trainer.hasData());
      }
    }
  }

  private static Trainer trainer(TrainingState state, AnomalyAction onSpike, int maxSkips) {
    AnomalyConfig anomalies =
        new AnomalyConfig(AnomalyAction.STOP, onSpike, 0, 10, 1e-6, 5, maxSkips);
    TrainingConfig config = new Recipes().batch(4, 2).steps(100, 0).anomalies(anomalies).make();
    return new Trainer(MODEL, config, TrainingFixture.COUNTING, state, 1);
  }

  private static List<double[]> copies(TrainingState state) {
    return state.weights().values().stream().map(Tensor::toDoubles).toList();
  }

  private static void same(List<double[]> before, List<double[]> after) {
    for (int i = 0; i < before.size(); i++) {
      assertArrayEquals(before.get(i), after.get(i));
    }
  }
}
