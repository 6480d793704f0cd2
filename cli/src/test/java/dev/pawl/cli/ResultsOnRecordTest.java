package dev.pawl.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the commands say of a small record in a real PostgreSQL. */
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

  private static Said pawl(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--home", record.home()));
    Said said = Said.pawl(all.toArray(String[]::new));
    assertEquals(ExitCode.DONE, said.code(), said.err());
    return said;
  }

  private static JsonNode json(String... arguments) throws Exception {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("-o", "json"));
    return JSON.readTree(pawl(all.toArray(String[]::new)).out());
  }

  @Test
  void seedsAreAveragedAndOnlyWhatDiffersIsShown() {
    Said said = pawl("results", "sizes");
    assertEquals(
        """
        run      seeds  parameters  model    train_loss [nats] ± sd  valid_loss [nats] ± sd  cloze.acc ± se  tokens/s 112/16x1 ± sd  tokens/s 112/16x8 ± sd  peak_memory [MiB]
        """,
        said.out().lines().limit(1).map(line -> line + "\n").findFirst().orElse(""));
  }

  @Test
  void compareSaysWhatDiffers() throws Exception {
    JsonNode comparison = json("compare", "sizes/vanilla-seed1", "sizes/block-seed2");
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
    Said said = pawl("compare", "sizes/vanilla-seed1", "plain");
    assertTrue(
        said.out()
            .contains(
                """
                key                     vanilla-seed1  plain
                training.learning_rate          0.001  0.002
                """),
        said.out());
    assertTrue(said.out().matches("(?s)configuration: 1 of \\d+ keys differ\n.*"), said.out());
    assertTrue(said.out().matches("(?s).*\nbit-equal +yes +yes\n.*"), said.out());
    assertFalse(said.out().contains("train_loss differs"), said.out());
    assertTrue(pawl("compare", "plain", "plain").out().startsWith("configuration: the same, all"));
  }

  @Test
  void comparisonsAreWrittenInEveryFormat() {
    String[] runs = {"sizes/vanilla-seed1", "sizes/block-seed1", "plain"};
    String csv = pawl("compare", runs[0], runs[1], runs[2], "-o", "csv").out();
    assertTrue(
        csv.startsWith("section,key,vanilla-seed1,block-seed1,plain,vanilla-seed1 stderr,"), csv);
    assertTrue(csv.contains("\r\nmetrics,cloze.acc,0.5,0.7,0.5,0.03,0.04,0.03,0.19999999"), csv);
    String md = pawl("compare", runs[0], runs[1], "-o", "md").out();
    assertTrue(md.contains("### metrics\n\n| key | vanilla-seed1 | block-seed1 |"), md);
    String latex = pawl("compare", runs[0], runs[1], "-o", "latex").out();
    assertTrue(latex.contains("\\paragraph{weights}\n\\begin{tabular}"), latex);
  }

  @Test
  void anUnknownRunIsNotFound() {
    Said said = Said.pawl("compare", "plain", "plein", "--home", record.home());
    assertEquals(ExitCode.NOT_FOUND, said.code());
    assertTrue(said.err().contains("nearest: plain"), said.err());
  }
}
