package dev.pawl.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.pawl.db.ListedRun;
import dev.pawl.db.RunStatus;
import dev.pawl.db.Serving;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Where runs stand, in words. */
class RunTableTest {
  private static ListedRun run(String name, RunStatus status, ListedRun.Going going) {
    return new ListedRun(
        "id",
        "exp",
        name,
        "block",
        1234,
        status,
        Optional.of("first line\nsecond line"),
        Instant.parse("2026-11-25T12:00:00Z"),
        3,
        8,
        new Serving(Optional.empty(), List.of()),
        Optional.ofNullable(going),
        List.of(3.0, 2.0, 1.0),
        1);
  }

  private static ListedRun.Going going(String kind, double done, double unitSeconds, int attempt) {
    return new ListedRun.Going(kind, done, 3, unitSeconds, attempt, 30);
  }

  private static String table(Format format, boolean curves, ListedRun... runs) {
    RunTable table = new RunTable(Optional.empty(), format, curves);
    return table.of(List.of(runs).stream().map(table::entry).toList()).text(format);
  }

  @Test
  void progressAndTimeLeftAreThoseOfTheStageThatGoesOn() {
    // Two steps are left, each of which takes a quarter of a minute.
    ListedRun training = run("a", RunStatus.RUNNING, going("pretrain", 1, 15, 2));
    // A third took 30 s.
    ListedRun first = run("b", RunStatus.RUNNING, going("evaluate", 1, 0, 1));
    // What earlier attempts did is not known to be of this speed.
    ListedRun again = run("c", RunStatus.RUNNING, going("evaluate", 1, 0, 2));
    assertEquals(
        """
        id  experiment  run  model  parameters  status   stages  stage     done  left   loss  created               message
        id  exp         a    block       1,234  RUNNING  3/8     pretrain  33 %  30s    █▅▁   2026-11-25T12:00:00Z  first line
        id  exp         b    block       1,234  RUNNING  3/8     evaluate  33 %  1m00s  █▅▁   2026-11-25T12:00:00Z  first line
        id  exp         c    block       1,234  RUNNING  3/8     evaluate  33 %         █▅▁   2026-11-25T12:00:00Z  first line
        """,
        table(Format.table, true, training, first, again));
  }

  @Test
  void withoutAStageAtWorkNothingIsSaidOfIt() {
    String table = table(Format.table, false, run("a", RunStatus.DONE, null));
    assertFalse(table.contains("left"), table);
    assertFalse(table.contains("loss"), table);
  }

  @Test
  void programsAlwaysGetTheSameColumns() {
    // Lines end as RFC 4180 has it; the line break within the message stays.
    assertEquals(
        """
        id,experiment,run,model,parameters,status,stages,stage,progress,seconds_left,created,message\r
        id,exp,a,block,1234,DONE,3/8,,,,2026-11-25T12:00:00Z,"first line
        second line"\r
        """,
        table(Format.csv, false, run("a", RunStatus.DONE, null)));
  }
}
