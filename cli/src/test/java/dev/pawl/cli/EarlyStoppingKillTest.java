package dev.pawl.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pawl.db.RunStatus;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A small sweep that ends runs early, in processes that are really killed. */
class EarlyStoppingKillTest {
  @TempDir Path folder;

  @Test
  void aKilledSweepDecidesAsOneThatIsNot() throws Exception {
    KilledSweep sweep = new KilledSweep(folder, 9, 6);
    sweep.straight("straight");
    sweep.killed("killed", new Random(), 4);

    List<String> decisions = sweep.decisions("straight");
    assertTrue(decisions.size() >= 9 + 3 + 1, decisions.toString());
    assertEquals(decisions, sweep.decisions("killed"));
    assertEquals(sweep.ends("straight"), sweep.ends("killed"));
    long done = sweep.count("killed", RunStatus.DONE);
    assertTrue(done >= 1 && done < 9, done + " done");
    assertEquals(9 - done, sweep.count("killed", RunStatus.STOPPED_EARLY));
  }
}
