package dev.pawl.cli.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pawl.db.report.Consumption;
import dev.pawl.db.report.Pace;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tokens and seconds of a training by its steps, and numbers as the page says them. */
class ProgressTest {
  @Test
  void tokensFollowTheCheckpointsWhereBatchesGrow() {
    // 4 samples a step up to step 10, then 8.
    Progress progress =
        new Progress(
            List.of(new Consumption("r", 10, 40), new Consumption("r", 20, 120)),
            List.of(),
            8,
            100);
    assertEquals(500 * 4 / 5, progress.tokens(1));
    assertEquals(4000, progress.tokens(10));
    assertEquals(4800, progress.tokens(11));
    assertEquals(12_000, progress.tokens(20));
    // Beyond the last checkpoint as before it.
    assertEquals(12_800, progress.tokens(21));
    assertTrue(Double.isNaN(progress.seconds(5)));
  }

  @Test
  void withoutCheckpointsTheRecipeSays() {
    Progress progress = new Progress(List.of(), List.of(), 8, 100);
    assertEquals(2400, progress.tokens(3));
    assertEquals(0, progress.tokens(0));
  }

  @Test
  void secondsAreThoseOfEachStretch() {
    // 800 tokens a step; 400 tokens a second for 10 steps, then 1600.
    Progress progress =
        new Progress(
            List.of(),
            List.of(new Pace("r", 10, 1 / 400.0), new Pace("r", 30, 1 / 1600.0)),
            8,
            100);
    assertEquals(2, progress.seconds(1), 1e-9);
    assertEquals(20, progress.seconds(10), 1e-9);
    assertEquals(25, progress.seconds(20), 1e-9);
    assertEquals(30, progress.seconds(30), 1e-9);
    assertEquals(31, progress.seconds(32), 1e-9);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "999, 999",
    "999.7, 1.00 K",
    "1234, 1.23 K",
    "12345, 12.3 K",
    "999999, 1.00 M",
    "1228800, 1.23 M",
    "3e11, 300 B",
    "2e15, 2000 T"
  })
  void countsHaveThreeDigits(double value, String shown) {
    assertEquals(shown, Words.count(value));
  }

  @ParameterizedTest
  @CsvSource({
    "plain, plain",
    "my sweep/1, my-sweep-1",
    "..hidden, hidden",
    "</script>, script",
    "´, pawl",
    "a.b_c-1, a.b_c-1"
  })
  void fileNamesArePlain(String name, String file) {
    assertEquals(file, ReportPage.fileName(name));
  }

  @Test
  void wordsAreQuotedForAShell() {
    assertEquals("training.seed=7", CommandsSection.quoted("training.seed=7"));
    assertEquals("'a b'", CommandsSection.quoted("a b"));
    assertEquals("'it'\\''s'", CommandsSection.quoted("it's"));
    assertEquals("''", CommandsSection.quoted(""));
    assertEquals("'$(rm)'", CommandsSection.quoted("$(rm)"));
  }
}
