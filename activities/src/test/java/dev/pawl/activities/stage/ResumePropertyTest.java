package dev.pawl.activities.stage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pawl.activities.stage.ReadSamples.End;
import dev.pawl.experiments.plan.StageKind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * However often and wherever a training is interrupted, it ends as the straight one: the same
 * state, the same metrics to the last digit, the same samples in the same order.
 */
class ResumePropertyTest {
  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({"vanilla, fp32, 1", "vanilla, bf16, 2", "block, fp32, 3", "block, bf16, 4"})
  void interruptedTrainingEndsAsTheStraightOne(String model, String precision, long seed)
      throws IOException {
    String format = "training.precision=" + precision;
    ReadSamples all = new ReadSamples();
    try (SmallRun straight =
            new SmallRun(folder.resolve("straight"), model, format)
                .prepare()
                .train(all.toTheEnd());
        SmallRun run = new SmallRun(folder.resolve("stopped"), model, format).prepare()) {
      ReadSamples read = new ReadSamples();
      List<Long> ends = ends(all, new Random(seed));
      Random random = new Random(seed);
      for (int i = 0; i < ends.size(); i++) {
        long position = ends.get(i);
        End how = mustCrash(ends, i) || random.nextBoolean() ? End.CRASH : End.STOP;
        assertThrows(
            RuntimeException.class,
            () -> run.train(read.endingAt(position, how)),
            how + " at sample " + position);
      }
      run.train(read.toTheEnd());

      String where = "interrupted at the samples " + ends;
      assertEquals(ends.size() + 1, run.stage(StageKind.PRETRAIN).attempt(), where);
      assertEquals(straight.lastDigest(), run.lastDigest(), where);
      assertEquals(straight.metrics(), run.metrics(), where);
      assertEquals(all.byPosition, read.byPosition, where);
      assertEquals(consumed(straight), consumed(run), where);
      assertEquals(List.of(), run.database.findings().of(run.stage(StageKind.PRETRAIN).key()));
    }
  }

  /**
   * A stop is heard after the step. Where that step saves anyway, it would meet the save's writes,
   * and where the next end is in the same step, it would never come to that.
   */
  private static boolean mustCrash(List<Long> ends, int i) {
    long step = ends.get(i) / SmallRun.BATCH + 1;
    boolean sameStep = i + 1 < ends.size() && ends.get(i + 1) / SmallRun.BATCH + 1 == step;
    return sameStep || step % SmallRun.SAVE_STEPS == 0 || step == SmallRun.STEPS;
  }

  private static String consumed(SmallRun run) throws IOException {
    String digest =
        new ObjectMapper()
            .readTree(run.lastManifest())
            .path("lineage")
            .path(TrainingLineage.SAMPLES)
            .asText();
    assertEquals(64, digest.length());
    return digest;
  }

  /** Samples at which to end attempts, in rising order. */
  private static List<Long> ends(ReadSamples all, Random random) {
    int batch = SmallRun.BATCH;
    int save = SmallRun.SAVE_STEPS;
    Set<String> seen = new HashSet<>();
    long epoch = 0;
    while (seen.add(all.byPosition.get(epoch))) {
      epoch++;
    }
    assertTrue(
        epoch < Math.multiplyExact((long) SmallRun.STEPS, batch),
        "the training has more than one epoch");
    Set<Long> ends = new TreeSet<>();
    // In the warm-up, between the micro-batches of a step.
    ends.add(2L * batch + 2);
    // The first step after a save.
    ends.add((long) save * batch);
    // The second of its micro-batches.
    ends.add((long) save * batch + 2);
    // The last step of an epoch.
    ends.add(epoch - 1);
    // Anywhere, in any step but the first: not even a stop saves before it.
    for (int i = 0; i < 3; i++) {
      ends.add((long) batch + random.nextInt((SmallRun.STEPS - 1) * batch));
    }
    // The very last sample.
    ends.add((long) SmallRun.STEPS * batch - 1);
    return new ArrayList<>(ends);
  }
}
