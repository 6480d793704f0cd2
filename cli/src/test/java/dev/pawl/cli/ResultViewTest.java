package dev.pawl.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pawl.cli.ResultView.Options;
import dev.pawl.cli.ResultView.Seeds;
import dev.pawl.db.ResultRow;
import dev.pawl.db.RunStatus;
import dev.pawl.model.failure.PawlException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Which lines and columns results have, and what their numbers are. */
class ResultViewTest {
  private static final List<ResultRow> SWEEP =
      List.of(
          row("a-lr0.1-seed1", "{\"lr\": 0.1, \"seed\": 1}", RunStatus.DONE, 1.0, 0.5),
          row("a-lr0.1-seed2", "{\"lr\": 0.1, \"seed\": 2}", RunStatus.DONE, 2.0, 0.7),
          row("a-lr0.1-seed3", "{\"lr\": 0.1, \"seed\": 3}", RunStatus.DONE, 6.0, null),
          row("a-lr0.2-seed1", "{\"lr\": 0.2, \"seed\": 1}", RunStatus.DONE, 4.0, 0.9),
          row("a-lr0.2-seed2", "{\"lr\": 0.2, \"seed\": 2}", RunStatus.RUNNING, 9.0, null));

  private static ResultRow row(
      String run, String point, RunStatus status, Double validLoss, Double acc) {
    return new ResultRow(
        "e",
        "exp",
        "id-" + run,
        run,
        "vanilla",
        1000,
        Optional.of(10L),
        Optional.empty(),
        Optional.ofNullable(validLoss),
        acc == null ? Map.of() : Map.of("cloze", Map.of("acc", acc)),
        acc == null ? Map.of() : Map.of("cloze", Map.of("acc", 0.05)),
        Map.of("cloze", 100),
        List.of(),
        Optional.empty(),
        status,
        List.of(),
        point);
  }

  private static Options options(Format format, Seeds seeds, List<String> where, String... sort) {
    return new Options(format, false, seeds, Map.of(), where, List.of(sort));
  }

  private static String text(Format format, Seeds seeds, List<String> where, String... sort) {
    return new ResultView(SWEEP, options(format, seeds, where, sort)).text();
  }

  /** 1, 2, 6: mean 3, squares 4 + 1 + 9 over 2, whose root is 2.6458. */
  @Test
  void seedsAreOneLineWithMeanSampleDeviationAndNumber() {
    assertEquals(
        "a-lr0.1 3 0.1 3.0000 ± 2.6458 0.6000 ± 0.1414 (2) DONE",
        line(text(Format.table, Seeds.auto, List.of()), 1));
  }

  private static String line(String table, int number) {
    return table.lines().toList().get(number).replaceAll(" +", " ");
  }

  @Test
  void aMeanIsOverFinishedRunsAlone() {
    assertEquals(
        "a-lr0.2 1 of 2 0.2 4.0000 0.9000 1 RUNNING, 1 DONE",
        line(text(Format.table, Seeds.mean, List.of()), 2));
  }

  @Test
  void aLoneRunAmongMeansHasNoDeviation() {
    String table = text(Format.table, Seeds.auto, List.of("seed!=2"));
    assertEquals("run seeds lr valid_loss [nats] ± sd cloze.acc", line(table, 0));
    assertEquals("a-lr0.1 2 0.1 3.5000 ± 3.5355 0.5000 (1)", line(table, 1));
    assertEquals("a-lr0.2-seed1 1 0.2 4.0000 0.9000", line(table, 2));
  }

  @Test
  void programsGetEachRunUnlessTheyAskForMeans() {
    assertEquals(6, text(Format.csv, Seeds.auto, List.of()).lines().count());
    String means = text(Format.csv, Seeds.mean, List.of());
    List<String> lines = means.lines().toList();
    assertEquals(3, lines.size());
    List<String> header = List.of(lines.get(0).split(",", -1));
    List<String> first = List.of(lines.get(1).split(",", -1));
    assertEquals("3.0", first.get(header.indexOf("valid_loss")));
    assertEquals(
        2.6457513110645907, Double.parseDouble(first.get(header.indexOf("valid_loss_sd"))), 1e-15);
    assertEquals("3", first.get(header.indexOf("valid_loss_n")));
    assertEquals("2", first.get(header.indexOf("cloze.acc_n")));
    assertEquals("3", first.get(header.indexOf("seeds")));
  }

  @Test
  void aLineARunHasTheStandardErrorAndTheSeed() {
    String table = text(Format.table, Seeds.each, List.of());
    assertEquals("run lr seed valid_loss [nats] cloze.acc ± se status", line(table, 0));
    assertEquals("a-lr0.1-seed1 0.1 1 1.0000 0.5000 ± 0.0500 DONE", line(table, 1));
    assertTrue(
        text(Format.csv, Seeds.each, List.of())
            .lines()
            .findFirst()
            .orElse("")
            .contains("cloze.acc,cloze.acc_stderr,"));
  }

  @Test
  void theBestIsMarkedWhereSomethingIsWorse() {
    String md = text(Format.md, Seeds.each, List.of());
    assertTrue(md.contains("| **1.0000** |"), md);
    assertTrue(md.contains("| **0.9000 ± 0.0500** |"), md);
    assertEquals(2, md.split("\\*\\*[0-9]", -1).length - 1);
    String latex = text(Format.latex, Seeds.each, List.of());
    assertTrue(latex.contains("\\textbf{0.9000 $\\pm$ 0.0500}"), latex);
    assertFalse(text(Format.csv, Seeds.each, List.of()).contains("**"));
  }

  @Test
  void theSameTrainingDoesNotCountTwice() {
    List<ResultRow> twice = List.of(SWEEP.get(0), SWEEP.get(0));
    assertEquals(2, new ResultView(twice, options(Format.table, Seeds.mean, List.of())).size());
  }

  @Test
  void runsWithoutASeedInTheirPointAreComparedByConfiguration() {
    List<ResultRow> rows =
        List.of(
            row("x", "{}", RunStatus.DONE, 1.0, null), row("y", "{}", RunStatus.DONE, 2.0, null));
    Map<String, String> configurations =
        Map.of(
            "id-x", "{\"seed\": 1, \"training\": {\"learningRate\": 0.1, \"maxLength\": 8}}",
            "id-y", "{\"seed\": 1, \"training\": {\"learningRate\": 0.2, \"maxLength\": 8}}");
    ResultView view =
        new ResultView(
            rows,
            new Options(Format.table, false, Seeds.auto, configurations, List.of(), List.of()));
    assertEquals("run learning_rate valid_loss [nats]", line(view.text(), 0));
    assertEquals(
        List.of("the same for all: experiment exp, parameters 1000, steps 10, status DONE"),
        view.notes().subList(0, 1));
    String all =
        new ResultView(
                rows,
                new Options(Format.csv, true, Seeds.auto, configurations, List.of(), List.of()))
            .text();
    assertTrue(all.contains(",training.max_length,"), all);
  }

  @Test
  void conditionsChooseAndColumnsSort() {
    assertEquals(
        List.of("a-lr0.1-seed2", "a-lr0.2-seed1", "a-lr0.1-seed3"),
        runs(List.of("valid_loss>=2", "status=done"), "valid_loss"));
    assertEquals(List.of("a-lr0.2-seed2"), runs(List.of("status!=DONE")));
    assertEquals(
        List.of(
            "a-lr0.2-seed1", "a-lr0.1-seed2", "a-lr0.1-seed1", "a-lr0.1-seed3", "a-lr0.2-seed2"),
        runs(List.of(), "-acc"));
    assertEquals(
        List.of("a-lr0.1-seed3", "a-lr0.1-seed2", "a-lr0.1-seed1"),
        runs(List.of("lr<0.15"), "lr", "-seed"));
  }

  private static List<String> runs(List<String> where, String... sort) {
    return new ResultView(SWEEP, options(Format.csv, Seeds.each, where, sort))
        .runs().stream().map(ResultRow::run).toList();
  }

  @Test
  void aColumnThatIsNotThereIsRefusedWithTheNearest() {
    PawlException refused =
        assertThrows(
            PawlException.class, () -> text(Format.table, Seeds.each, List.of(), "valid_los"));
    assertEquals("--sort: no one column 'valid_los'; nearest: valid_loss", refused.getMessage());
    assertThrows(PawlException.class, () -> text(Format.table, Seeds.each, List.of("valid_loss")));
  }

  @Test
  void settingsAreSpelledAsPeopleWriteThem() {
    assertEquals("1e-5", SettingKeys.shown(1.0e-5));
    assertEquals("1.5e-7", SettingKeys.shown(1.5e-7));
    assertEquals("10000", SettingKeys.shown(10000.0));
    assertEquals("0.25", SettingKeys.shown(0.25));
    assertEquals("0.02", SettingKeys.shown(0.02));
    assertEquals("[0.9, 1.0]", SettingKeys.shown("[0.9, 1.0]"));
    assertEquals(
        Map.of("a.b", "b", "a.c.d", "c.d", "e.d", "e.d"),
        SettingKeys.shortest(List.of("a.b", "a.c.d", "e.d")));
    assertEquals(
        Map.of("training.learning_rate", 0.1, "training.betas", "[0.9, 0.95]", "kind", "gpt-x"),
        SettingKeys.ofConfiguration(
            "{\"training\": {\"learningRate\": 0.1, \"betas\": [0.9, 0.95]}, \"kind\": \"gpt-x\"}"));
  }

  @Test
  void namesLoseTheirSeedAndNothingElse() {
    assertEquals("block", SeedGroups.withoutSeed("block-seed1", 1));
    assertEquals("block_lr-3", SeedGroups.withoutSeed("block_lr-3_seed=12", 12));
    assertEquals("block-lr2", SeedGroups.withoutSeed("block-seed1-lr2", 1));
    assertEquals("block-seed12", SeedGroups.withoutSeed("block-seed12", 1));
    assertEquals("seedling-1", SeedGroups.withoutSeed("seedling-1", 1));
    assertEquals("seed1", SeedGroups.withoutSeed("seed1", 1));
  }
}
