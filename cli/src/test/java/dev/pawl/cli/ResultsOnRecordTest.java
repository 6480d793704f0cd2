package dev.pawl.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pawl.cli.ResultView.Seeds;
import dev.pawl.db.ResultRow;
import dev.pawl.db.RunRow;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What is shown of a small record in a real PostgreSQL. */
class ResultsOnRecordTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static SmallRecord record;

  @BeforeAll
  static void write() throws Exception {
    record = new SmallRecord();
  }

  @AfterAll
  static void close() {
    record.close();
  }

  private static String results(Format format, Seeds seeds, String... where) {
    List<ResultRow> rows = record.database().results().results(Optional.of("sizes"));
    return new ResultView(
            rows, new ResultView.Options(format, false, seeds, Map.of(), List.of(where), List.of()))
        .text();
  }

  private static String compare(Format format, String... names) {
    List<RunRow> runs =
        Stream.of(names).map(name -> RunChoice.one(record.database(), name)).toList();
    return new ComparisonText(new Comparison(record.database(), runs), format, false).text();
  }

  @Test
  void seedsAreAveragedAndOnlyWhatDiffersIsShown() {
    assertEquals(
        """
        run      seeds  parameters  model    train_loss [nats] ± sd  valid_loss [nats] ± sd   cloze.acc ± sd  tokens/s 112/16x1 ± sd  tokens/s 112/16x8 ± sd  peak_memory [MiB] ± sd
        vanilla      2  70,426,624  vanilla         3.2100 ± 0.0141         2.1000 ± 0.1414  0.5500 ± 0.0707             105.0 ± 7.1            840.0 ± 56.6                 108 ± 0
        block        2  77,391,872  block           3.1600 ± 0.0141         1.6000 ± 0.1414  0.7500 ± 0.0707            315.0 ± 21.2          2520.0 ± 169.7                 108 ± 0
        """,
        results(Format.table, Seeds.auto));
    assertEquals(
        """
        | run | seed | train_loss [nats] | valid_loss [nats] | cloze.acc ± se | tokens/s 112/16x1 | tokens/s 112/16x8 | peak_memory [MiB] |
        |---|---:|---:|---:|---:|---:|---:|---:|
        | block-seed1 | 1 | **3.1500** | **1.5000** | 0.7000 ± 0.0400 | 300.0 | 2400.0 | 108 |
        | block-seed2 | 2 | 3.1700 | 1.7000 | **0.8000 ± 0.0300** | **330.0** | **2640.0** | 108 |
        """,
        results(Format.md, Seeds.each, "model=block"));
  }

  @Test
  void compareSaysWhatDiffers() throws Exception {
    JsonNode comparison =
        JSON.readTree(compare(Format.json, "sizes/vanilla-seed1", "sizes/block-seed2"));
    assertEquals("vanilla-seed1", comparison.at("/runs/0/run").asText());
    JsonNode acc = row(comparison, "metrics", "cloze.acc");
    assertEquals(0.3, acc.at("/differences/0").asDouble(), 1e-12);
    // sqrt(0.03^2 + 0.03^2) = 0.0424
    assertEquals(7.0711, acc.at("/differences_in_stderrs/0").asDouble(), 1e-4);
    JsonNode speed = row(comparison, "metrics", "generation 112/16x8 optimised fp32 [tokens/s]");
    assertEquals(3.3, speed.at("/ratios/0").asDouble(), 1e-12);
    assertEquals("[1,2]", row(comparison, "configuration", "seed").path("values").toString());
    assertFalse(
        comparison.path("configuration").toString().contains("learning_rate"),
        "the learning rate is the same");
    assertEquals(
        "[\"2\",\"2\"]", row(comparison, "environment", "threads").path("values").toString());
    JsonNode digest = row(comparison, "data", "tokenize digest");
    assertTrue(digest.path("same").asBoolean());
    assertEquals("d0d0d0d0d0d0d0d0d0d0", digest.at("/values/0").asText());
    assertEquals("no", row(comparison, "weights", "bit-equal").at("/values/1").asText());
    assertEquals(
        2, row(comparison, "weights", "equal checkpoints up to [step]").at("/values/1").asInt());
    assertEquals(
        3, row(comparison, "weights", "train_loss differs from [step] on").at("/values/1").asInt());
  }

  private static JsonNode row(JsonNode comparison, String section, String key) {
    for (JsonNode row : comparison.path(section)) {
      if (row.path("key").asText().equals(key)) {
        return row;
      }
    }
    throw new AssertionError("no " + key + " in " + comparison.path(section));
  }

  @Test
  void equalBitsAreFoundAndTheOneSettingThatDiffers() {
    String said = compare(Format.table, "sizes/vanilla-seed1", "plain");
    assertTrue(
        said.contains(
            """
                key                     vanilla-seed1  plain
                training.learning_rate          0.001  0.002
                """),
        said);
    assertTrue(said.matches("(?s)configuration: 1 of \\d+ keys differ\n.*"), said);
    assertTrue(said.matches("(?s).*\nbit-equal +yes +yes\n.*"), said);
    assertFalse(said.contains("train_loss differs"), said);
    assertTrue(compare(Format.table, "plain", "plain").startsWith("configuration: the same, all"));
  }

  @Test
  void comparisonsAreWrittenInEveryFormat() {
    String[] runs = {"sizes/vanilla-seed1", "sizes/block-seed1", "plain"};
    String csv = compare(Format.csv, runs);
    assertTrue(
        csv.startsWith("section,key,vanilla-seed1,block-seed1,plain,vanilla-seed1 stderr,"), csv);
    assertTrue(csv.contains("\r\nmetrics,cloze.acc,0.5,0.7,0.5,0.03,0.04,0.03,0.19999999"), csv);
    String md = compare(Format.md, runs[0], runs[1]);
    assertTrue(md.contains("### metrics\n\n| key | vanilla-seed1 | block-seed1 |"), md);
    String latex = compare(Format.latex, runs[0], runs[1]);
    assertTrue(latex.contains("\\paragraph{weights}\n\\begin{tabular}"), latex);
  }
}
