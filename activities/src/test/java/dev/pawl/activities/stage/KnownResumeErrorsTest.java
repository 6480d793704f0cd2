package dev.pawl.activities.stage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pawl.activities.stage.ReadSamples.End;
import dev.pawl.db.AttemptRow;
import dev.pawl.experiments.CanonicalJson;
import dev.pawl.experiments.plan.StageKind;
import dev.pawl.experiments.stage.PretrainStageConfig;
import dev.pawl.model.architecture.Architecture;
import dev.pawl.model.checkpoint.Checkpoint;
import dev.pawl.model.checkpoint.CheckpointStore;
import dev.pawl.model.checkpoint.TrainingState;
import dev.pawl.model.config.TrainingConfig;
import dev.pawl.model.dataset.IndexedDataset;
import dev.pawl.model.torch.TensorScope;
import dev.pawl.model.torch.Torch;
import dev.pawl.model.training.Trainer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Each known way in which going on with a training breaks, with tolerance zero. Loss scales are not
 * among them: bf16 computes with fp32 master weights here and scales nothing.
 */
class KnownResumeErrorsTest {
  @TempDir static Path straightHome;
  @TempDir Path home;

  private static final ReadSamples STRAIGHT = new ReadSamples();
  private static SmallRun straight;

  private SmallRun run;
  private ReadSamples read;

  @BeforeAll
  static void trainStraight() throws IOException {
    Torch.start(2);
    straight = new SmallRun(straightHome, "vanilla").prepare().train(STRAIGHT.toTheEnd());
  }

  @AfterAll
  static void closeStraight() {
    straight.close();
  }

  @BeforeEach
  void begin() throws IOException {
    run = new SmallRun(home, "vanilla").prepare();
    read = new ReadSamples();
  }

  @AfterEach
  void close() {
    run.close();
  }

  // Catches a position that counts micro-batches or optimizer steps: two micro-batches of two make
  // a step here, so after 14 steps such a loader would go on with sample 28 or 14.
  @Test
  void accumulationCountsInTheDataPosition() {
    end(SmallRun.BATCH * 16L + 1, End.CRASH);
    run.train(read.toTheEnd());
    assertEquals(2L * SmallRun.SAVE_STEPS * SmallRun.BATCH, read.lastAttempt.get(0));
    sameAsStraight();
  }

  // Catches a position in documents: a sample is cut out of several packed documents, so a loader
  // that skips as many documents as samples were consumed would read other tokens.
  @Test
  void packingCountsInTheDataPosition() throws IOException {
    try (IndexedDataset documents =
        IndexedDataset.open(straight.artifact(StageKind.TOKENIZE).resolve("train"))) {
      assertNotEquals(documents.sequences(), epoch());
    }
    end(SmallRun.BATCH * 10L, End.CRASH);
    run.train(read.toTheEnd());
    long first = read.lastAttempt.get(0);
    assertEquals(STRAIGHT.byPosition.get(first), read.byPosition.get(first));
    assertEquals(STRAIGHT.byPosition, read.byPosition);
  }

  // Catches a loader that, once it has skipped to a place in an epoch, reads only what lies behind
  // that place in all later epochs.
  @Test
  void laterEpochsReadEverySample() {
    long epoch = epoch();
    end(2 * epoch - 1, End.CRASH);
    run.train(read.toTheEnd());
    assertTrue(read.lastAttempt.get(0) % epoch != 0, "the attempt began inside an epoch");
    Set<String> all = samples(0, epoch);
    assertEquals(epoch, all.size());
    assertEquals(all, samples(epoch, 2 * epoch));
    assertEquals(all, samples(2 * epoch, 3 * epoch));
  }

  // Catches an epoch counter that begins with 0 again, so that the first epoch's order comes back.
  @Test
  void theEpochGoesOnCounting() {
    long epoch = epoch();
    end(2 * epoch - 1, End.CRASH);
    run.train(read.toTheEnd());
    long first = read.lastAttempt.get(0);
    assertTrue(first >= epoch && first < 2 * epoch, "resumed in the second epoch: " + first);
    List<String> second = new ArrayList<>();
    List<String> again = new ArrayList<>();
    for (long position = first; position < 2 * epoch; position++) {
      second.add(read.byPosition.get(position));
      again.add(STRAIGHT.byPosition.get(position - epoch));
    }
    assertNotEquals(again, second);
    assertEquals(STRAIGHT.byPosition, read.byPosition);
  }

  // Catches what the first resume hides: a count that is saved relative to the last resume, or
  // state that is loaded but not saved again.
  @Test
  void theSecondResumeDoesNotDrift() {
    end(SmallRun.BATCH * 9L, End.CRASH);
    end(SmallRun.BATCH * 17L, End.CRASH);
    end(SmallRun.BATCH * 24L, End.STOP);
    run.train(read.toTheEnd());
    sameAsStraight();
  }

  // Catches a loader that begins with the first sample again after a resume.
  @Test
  void theLoaderDoesNotBeginAgain() {
    end(SmallRun.BATCH * 8L + 2, End.CRASH);
    assertEquals(0, read.lastAttempt.get(0));
    run.train(read.toTheEnd());
    List<Long> expected = new ArrayList<>();
    for (long i = SmallRun.SAVE_STEPS * SmallRun.BATCH; i < SmallRun.STEPS * SmallRun.BATCH; i++) {
      expected.add(i);
    }
    assertEquals(expected, read.lastAttempt);
  }

  // Catches moments that are not restored, or restored from another step; the control shows that
  // the comparison sees it.
  @Test
  void theOptimizerGoesOnWithItsMoments() {
    end(SmallRun.BATCH * 8L, End.CRASH);
    PretrainStageConfig config = config();
    Architecture architecture = Architecture.of(config.model());
    Checkpoint saved = CheckpointStore.verify(run.working().resolve("checkpoint-7"));
    List<String> digests = new ArrayList<>();
    for (boolean moments : new boolean[] {true, false}) {
      try (TensorScope scope = Torch.scope()) {
        TrainingState state = TrainingState.empty(scope, architecture);
        if (moments) {
          CheckpointStore.load(saved, state);
        } else {
          CheckpointStore.loadWeights(saved, state.weights());
          state.moveTo(saved.step(), saved.consumedSamples());
        }
        TrainingConfig training = config.training();
        try (Trainer trainer =
            new Trainer(architecture, training, this::replayed, state, config.seed())) {
          while (state.step() < 2 * SmallRun.SAVE_STEPS) {
            trainer.step();
          }
        }
        CheckpointStore store = new CheckpointStore(home.resolve("moments-" + moments));
        digests.add(store.save(state, CanonicalJson.tree(List.of())).sha256());
      }
    }
    String wanted = straight.checkpoints().get(1).sha256();
    assertEquals(wanted, digests.get(0));
    assertNotEquals(wanted, digests.get(1));
  }

  private void replayed(long position, int[] ids, byte[] mask) {
    String[] parts = STRAIGHT.byPosition.get(position).split("]", -1);
    String[] tokens = parts[0].substring(1).split(", ", -1);
    String[] masked = parts[1].substring(1).split(", ", -1);
    for (int i = 0; i < ids.length; i++) {
      ids[i] = Integer.parseInt(tokens[i]);
      mask[i] = Byte.parseByte(masked[i]);
    }
  }

  // Catches a training that goes on from whatever lies in its folder, with another recipe than the
  // one that made it.
  @Test
  void aChangedConfigurationIsRefused() throws IOException {
    try (SmallRun other =
        new SmallRun(home.resolve("other"), "vanilla", "training.learning_rate=1e-3").prepare()) {
      ReadSamples ignored = new ReadSamples();
      assertThrows(
          RuntimeException.class,
          () -> other.train(ignored.endingAt(SmallRun.BATCH * 8L, End.CRASH)));
      Files.createDirectories(run.working().getParent());
      Files.move(other.working(), run.working());
    }
    String message = refused();
    assertTrue(message.contains("checkpoint-7 is not one of this training"), message);
    assertTrue(message.contains("its stage_key is"), message);
  }

  // Catches a checkpoint that names this training and holds a state of another shape: it must fail
  // when it is loaded, before a single sample is read, and say which tensors do not fit.
  @Test
  void aCheckpointOfAnotherShapeFailsAtOnce() {
    end(SmallRun.BATCH * 8L, End.CRASH);
    Checkpoint saved = CheckpointStore.verify(run.working().resolve("checkpoint-7"));
    JsonNode lineage = saved.lineage();
    int vocabulary = config().model().vocabSize();
    try (TensorScope scope = Torch.scope()) {
      Architecture wider = Architecture.of(config().model().withVocabSize(2 * vocabulary));
      TrainingState state = TrainingState.initial(scope, wider, 1);
      state.moveTo(saved.step(), saved.consumedSamples());
      new CheckpointStore(run.working()).save(state, lineage);
    }
    String message = refused();
    assertTrue(
        message.contains("gpt_neox.embed_in.weight has shape [%d, 16]".formatted(2 * vocabulary)),
        message);
    assertTrue(message.contains("[%d, 16]".formatted(vocabulary)), message);
    assertEquals(List.of(), read.lastAttempt);
  }

  private PretrainStageConfig config() {
    return CanonicalJson.read(
        run.stage(StageKind.PRETRAIN).configJson(), PretrainStageConfig.class);
  }

  /** One attempt that ends early. */
  private void end(long position, End how) {
    assertThrows(RuntimeException.class, () -> run.train(read.endingAt(position, how)));
  }

  /** One attempt that must not begin; what it says. */
  private String refused() {
    assertThrows(RuntimeException.class, () -> run.train(read.toTheEnd()));
    List<AttemptRow> attempts =
        run.database.experiments().attemptsOf(run.stage(StageKind.PRETRAIN).key());
    AttemptRow last = attempts.get(attempts.size() - 1);
    assertEquals("DATA", last.cause().orElseThrow());
    return last.message().orElseThrow();
  }

  private void sameAsStraight() {
    assertEquals(straight.lastDigest(), run.lastDigest());
    assertEquals(STRAIGHT.byPosition, read.byPosition);
  }

  /** Samples in an epoch: the first position at which the content of position 0 may come back. */
  private static long epoch() {
    Set<String> seen = new HashSet<>();
    long position = 0;
    while (seen.add(STRAIGHT.byPosition.get(position))) {
      position++;
    }
    // A step of the second epoch is saved, and three epochs are read.
    assertTrue(
        position > 2 && position <= SmallRun.STEPS * SmallRun.BATCH / 3, "epoch " + position);
    return position;
  }

  private Set<String> samples(long from, long to) {
    Set<String> samples = new HashSet<>();
    for (long position = from; position < to; position++) {
      samples.add(read.byPosition.get(position));
    }
    return samples;
  }
}
