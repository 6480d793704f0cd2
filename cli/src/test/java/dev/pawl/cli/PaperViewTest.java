package dev.pawl.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pawl.db.GenerationRow;
import dev.pawl.db.ResultRow;
import dev.pawl.db.RunStatus;
import dev.pawl.experiments.CanonicalJson;
import dev.pawl.experiments.preset.ModelFiles;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Our runs among the lines of the paper. */
class PaperViewTest {
  private static final PaperView PAPER = PaperView.named("block-transformer");
  private static final Map<String, String> CONFIGURATIONS =
      Map.of(
          "b",
          "{\"model\": %s}"
              .formatted(CanonicalJson.write(ModelFiles.load("block_main_b4_19").model())));

  private static final ResultRow RUN =
      new ResultRow(
          "e",
          "exp",
          "b",
          "ours",
          "block",
          103_147_520,
          Optional.of(10L),
          Optional.of(3.2),
          Optional.empty(),
          Map.of(
              "lambada_openai", Map.of("perplexity", 400.0, "acc", 0.1),
              "wikitext", Map.of("word_perplexity", 81.0),
              "piqa", Map.of("acc", 0.5)),
          Map.of("piqa", Map.of("acc", 0.01)),
          Map.of(),
          List.of(
              generation(2048, 128, 1, 100, 10_000_000),
              generation(2048, 128, 5, 450, 50_000_000),
              generation(16, 112, 8, 2000, 70_000_000)),
          Optional.empty(),
          RunStatus.DONE,
          List.of(),
          "{}");

  private static GenerationRow generation(
      int prefill, int decode, int batch, double speed, long bytes) {
    return new GenerationRow(
        prefill,
        decode,
        batch,
        "optimised",
        "fp32",
        speed,
        bytes,
        List.of(1.0),
        false,
        0,
        Map.of("device", "cpu", "threads", "2"));
  }

  @Test
  void aRunStandsBesideThePaperOfItsSizeAndSaysWhoseItIs() throws Exception {
    JsonNode lines =
        new ObjectMapper().readTree(PAPER.text(List.of(RUN), CONFIGURATIONS, Format.json));
    List<String> from = new ArrayList<>();
    lines.forEach(line -> from.add(line.path("from").asText()));
    assertEquals(11, from.size());
    assertEquals(6, from.indexOf("run"));
    JsonNode paper = lines.path(5);
    assertEquals("block_main_b4_19 *", paper.path("model").asText());
    assertEquals("NVIDIA H100", paper.path("measured_on").asText());
    assertEquals(3.181, paper.path("train_loss").asDouble());
    assertEquals(421.4, paper.path("decode_heavy_kilotokens_per_second").asDouble());

    JsonNode run = lines.path(6);
    assertEquals("cpu, 2 threads", run.path("measured_on").asText());
    assertEquals("exp/ours", run.path("model").asText());
    // Without the table that is not used, as the paper counts.
    assertEquals(77_391_872, run.path("parameters").asLong());
    assertEquals(19_441_664, run.path("non_embedding").asLong());
    assertEquals(3.2, run.path("train_loss").asDouble());
    assertEquals(400.0, run.path("lambada_perplexity").asDouble());
    assertEquals(81.0, run.path("wikitext_perplexity").asDouble());
    assertEquals(50.0, run.path("piqa_percent").asDouble());
    assertTrue(run.path("hellaswag_percent").isNull());
    // 40 MB more for 4 samples more.
    assertEquals(10.0, run.path("prefill_heavy_MB_per_sample").asDouble());
    assertTrue(run.path("decode_heavy_MB_per_sample").isNull());
    assertEquals(0.45, run.path("prefill_heavy_kilotokens_per_second").asDouble());
    assertEquals(2.0, run.path("decode_heavy_kilotokens_per_second").asDouble());
  }

  @Test
  void otherLengthsAreSaidAndTheSourceIsNamed() {
    String table = PAPER.text(List.of(RUN), CONFIGURATIONS, Format.table);
    String line = table.lines().filter(each -> each.startsWith("run")).findFirst().orElseThrow();
    assertTrue(line.contains("50.00 ± 1.00"), line);
    assertTrue(line.contains("2.00 at 16/112"), line);
    assertFalse(line.contains("at 2048/128"), line);
    for (Format format : List.of(Format.table, Format.md, Format.latex)) {
      String text = PAPER.text(List.of(), Map.of(), format);
      assertTrue(text.contains("arXiv:2406.02657v2"), text);
      assertTrue(text.contains("are published numbers, not computed here"), text);
      assertTrue(text.contains("NVIDIA H100"), text);
    }
    assertEquals(
        11, PAPER.text(List.of(), Map.of(), Format.csv).lines().count(), "a header and ten lines");
  }
}
