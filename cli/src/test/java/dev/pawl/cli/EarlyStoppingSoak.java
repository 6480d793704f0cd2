package dev.pawl.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pawl.db.RunStatus;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Twenty-seven runs over four rungs, killed again and again between and within them: {@code mvn -pl
 * cli -am test -Dtest=EarlyStoppingSoak -Dsurefire.failIfNoSpecifiedTests=false}.
 */
class EarlyStoppingSoak {
  @TempDir Path folder;

  @Test
  void aKilledSweepDecidesAsOneThatIsNot() throws Exception {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    List<Double> rates = new ArrayList<>();
    for (int i = 0; i < 27; i++) {
      // Evenly far apart, in an order that is none.
      rates.add(Math.pow(10, -4 + 3 * (i * 10 % 27) / 26.0));
    }
    KilledSweep sweep = new KilledSweep(folder, rates, 2, 3);
    long begin = System.nanoTime();
    sweep.straight("straight");
    System.out.printf("straight: %.1f s%n", (System.nanoTime() - begin) / 1e9);
    int[] kills = new int[6];
    for (int i = 0; i < kills.length; i++) {
      kills[i] = 1 + random.nextInt(6);
    }
    begin = System.nanoTime();
    sweep.killed("killed", random, kills);
    System.out.printf("killed %d times: %.1f s%n", kills.length, (System.nanoTime() - begin) / 1e9);

    List<String> decisions = sweep.decisions("straight");
    decisions.forEach(System.out::println);
    assertTrue(decisions.size() >= 27 + 9 + 3 + 1, decisions.size() + " decisions");
    assertEquals(decisions, sweep.decisions("killed"));
    assertEquals(sweep.ends("straight"), sweep.ends("killed"));
    long done = sweep.count("killed", RunStatus.DONE);
    assertEquals(27 - done, sweep.count("killed", RunStatus.STOPPED_EARLY));
    System.out.printf(
        "%d decisions are the same, %d runs done, %d stopped early%n",
        decisions.size(), done, 27 - done);
  }
}
