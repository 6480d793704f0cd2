package dev.pawl.activities.stage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pawl.experiments.plan.StageKind;
import dev.pawl.model.failure.PawlException;
import dev.pawl.model.training.TrainingData;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Steps trained a second time, from any state that is kept. */
class ReplayTest {
  private static final String KEPT = "artifacts/kept/";

  @TempDir static Path home;
  private static SmallRun run;

  // The checkpoints of the steps 7, 14 and 21 are kept somewhere, as a policy may want it.
  @BeforeAll
  static void train() throws IOException, SQLException {
    run = new SmallRun(home, "block").prepare();
    run.train(data -> keeping(data));
    for (long step : new long[] {7, 14, 21}) {
      assertEquals(
          1,
          run.update(
              "UPDATE checkpoint SET path = '%scheckpoint-%d' WHERE step = %d"
                  .formatted(KEPT, step, step)));
    }
  }

  private static TrainingData keeping(TrainingData data) {
    return new TrainingData() {
      @Override
      public void read(long position, int[] ids, byte[] mask) {
        long step = position / SmallRun.BATCH;
        // One step later: the save is begun, and is waited for.
        if (position % SmallRun.BATCH == 0 && step % 7 == 2 && step > 7 && step < 28) {
          keep("checkpoint-" + (step - 2));
        }
        data.read(position, ids, mask);
      }

      @Override
      public int extraTokens() {
        return data.extraTokens();
      }
    };
  }

  private static void keep(String name) {
    Path to = home.resolve(KEPT).resolve(name);
    Path from = run.working().resolve(name);
    for (int i = 0; i < 6000 && !Files.isDirectory(from); i++) {
      LockSupport.parkNanos(10_000_000);
    }
    try (Stream<Path> files = Files.list(from)) {
      Files.createDirectories(to);
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(file.getFileName()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @AfterAll
  static void close() {
    run.close();
  }

  @Test
  void fromAKeptCheckpointEveryBitIsTheSame() throws IOException {
    Replay.Result result = replay(new ReplayRequest(9, "14", 0));
    assertEquals("", result.difference());
    assertEquals(14, result.from());
    assertEquals(9, result.steps());
    // That of step 21.
    assertEquals(1, result.checkpoints());
    assertEquals(stored(15, 23), result.metrics());
  }

  /** How many metrics the training wrote of some steps. */
  private static long stored(long first, long last) throws IOException {
    return run.metrics()
        .lines()
        .skip(1)
        .mapToLong(line -> Long.parseLong(line.substring(0, line.indexOf(','))))
        .filter(step -> step >= first && step <= last)
        .count();
  }

  @Test
  void fromTheStartToTheEnd() throws IOException {
    Replay.Result result = replay(new ReplayRequest(1000, ReplayRequest.START, 0));
    assertEquals("", result.difference());
    assertEquals(SmallRun.STEPS, result.steps());
    assertEquals(5, result.checkpoints());
    assertEquals(stored(1, SmallRun.STEPS), result.metrics());
  }

  @Test
  void theChoiceIsRandomAndItsSeedRepeatsIt() throws IOException {
    Set<Long> chosen = new TreeSet<>();
    for (long seed = 0; seed < 12; seed++) {
      Replay.Result result = replay(new ReplayRequest(1, ReplayRequest.RANDOM, seed));
      assertEquals("", result.difference());
      assertEquals("drawn with seed " + seed, result.choice());
      chosen.add(result.from());
    }
    assertEquals(Set.of(0L, 7L, 14L, 21L), chosen);
    ReplayRequest again = new ReplayRequest(1, ReplayRequest.RANDOM, 5);
    assertEquals(replay(again).from(), replay(again).from());
  }

  @Test
  void aChangedMetricOrDigestInTheRangeIsFound() throws IOException, SQLException {
    String where = " WHERE step = 17 AND name = 'gradient_norm'";
    assertEquals(1, run.update("UPDATE metric SET value = value * 2" + where));
    String difference = replay(new ReplayRequest(5, "14", 0)).difference();
    assertTrue(difference.startsWith("gradient_norm of step 17 is "), difference);
    assertEquals("", replay(new ReplayRequest(2, "14", 0)).difference());
    assertEquals(1, run.update("UPDATE metric SET value = value / 2" + where));

    String set = "UPDATE checkpoint SET sha256 = reverse(sha256) WHERE step = 14";
    assertEquals(1, run.update(set));
    difference = replay(new ReplayRequest(8, "7", 0)).difference();
    assertTrue(difference.startsWith("the state after step 14 has sha256 "), difference);
    assertThrows(PawlException.class, () -> replay(new ReplayRequest(1, "14", 0)));
    assertEquals(1, run.update(set));
  }

  @Test
  void whatIsNotKeptIsNamed() {
    PawlException refused =
        assertThrows(PawlException.class, () -> replay(new ReplayRequest(1, "28", 0)));
    assertTrue(refused.getMessage().contains("there are [7, 14, 21], and 0"), refused.getMessage());
    assertThrows(PawlException.class, () -> new ReplayRequest(1, "middle", 0));
  }

  private static Replay.Result replay(ReplayRequest request) throws IOException {
    return new Replay(run.database, home).run(run.stage(StageKind.PRETRAIN), request);
  }
}
