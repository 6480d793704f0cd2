package dev.pawl.cli.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pawl.db.Database;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The page as text: it holds what the record holds, and asks for nothing from outside. */
class ReportPageTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static String page = "";

  @BeforeAll
  static void make() throws SQLException {
    try (Database database = Database.open(SampleRecord.write())) {
      ReportData data = ReportData.read(database, Optional.of("sample"));
      page = ReportPage.of(data, data.title(), Instant.EPOCH, "0.1.0");
    }
  }

  @Test
  void nothingOnThePageIsFetched() {
    String text = withoutLibrary(page);
    List<Pattern> outside =
        List.of(
            Pattern.compile(
                "(?i)\\b(src|srcset|href|action|poster|background)\\s*=\\s*+[\"']?+\\s*+(?!#|data:)"),
            Pattern.compile("(?i)url\\("),
            Pattern.compile("(?i)@import"),
            Pattern.compile(
                "\\b(fetch|import|importScripts|XMLHttpRequest|WebSocket|EventSource)\\s*\\("),
            Pattern.compile("(?i)https?://"));
    for (Pattern pattern : outside) {
      Matcher found = pattern.matcher(text);
      assertFalse(
          found.find(),
          () ->
              pattern
                  + ": "
                  + text.substring(found.start(), Math.min(text.length(), found.start() + 80)));
    }
    // The library is one of many uses; what it could load, it would have to name.
    assertFalse(
        Pattern.compile("(?i)(src|href|url|fetch|open)[\"'\\s]*[=(:,][\"'\\s]*https?://")
            .matcher(page)
            .find());
    assertTrue(page.contains("default-src 'none'") || page.contains("default-src &#39;none&#39;"));
  }

  @Test
  void textOfTheRecordIsNeverHtml() throws IOException {
    assertFalse(page.contains(SampleRecord.HOSTILE));
    assertFalse(page.contains("<b id="));
    assertFalse(page.contains("<b>bold</b>"));
    assertFalse(page.contains("<NaN>"));
    assertTrue(page.contains("&lt;/script&gt;&lt;script&gt;window.owned=1"));
    assertEquals(3, count(page, "</script>"));
    assertEquals(3, count(page, "<script"));
    String names = data().findValuesAsText("name").toString();
    assertTrue(names.contains(SampleRecord.HOSTILE), names);
  }

  @Test
  void everySectionIsThere() {
    for (String id :
        List.of(
            "summary",
            "curves",
            "positions",
            "speed",
            "scores",
            "goodput",
            "lineage",
            "environment",
            "failures",
            "commands")) {
      assertTrue(page.contains("<section id=\"" + id + "\""), id);
      assertTrue(page.contains("href=\"#" + id + "\""), id);
    }
  }

  @Test
  void everyPlotHasWordsAndATableBehindIt() throws IOException {
    int plots = 0;
    for (JsonNode plot : data()) {
      plots++;
      assertTrue(
          page.contains("id=\"" + plot.path("id").asText() + "\" role=\"img\" aria-label=\"Lines")
              || page.contains(
                  "id=\"" + plot.path("id").asText() + "\" role=\"img\" aria-label=\"Points")
              || page.contains(
                  "id=\"" + plot.path("id").asText() + "\" role=\"img\" aria-label=\"Stacked"),
          plot.path("id").asText());
    }
    // Curves, positions, one for each of two shapes, goodput; the shapes share a table.
    assertEquals(5, plots);
    assertEquals(4, count(page, "<summary>The numbers as a table</summary>"));
  }

  @Test
  void aCurveIsThinnedAndKeepsItsSpike() throws IOException {
    JsonNode runs = data().get(0).path("data").path("runs");
    assertEquals(12, runs.size());
    boolean spike = false;
    for (JsonNode run : runs) {
      JsonNode train = run.path("train");
      assertTrue(train.path("steps").size() <= 500, () -> "points: " + train.path("steps").size());
      assertTrue(train.path("steps").size() > 300, () -> "points: " + train.path("steps").size());
      for (String axis : List.of("tokens", "seconds", "values")) {
        assertEquals(train.path("steps").size(), train.path(axis).size());
      }
      for (int i = 0; i < train.path("steps").size(); i++) {
        int step = train.path("steps").get(i).asInt();
        assertEquals(step * 16.0 * 128, train.path("tokens").get(i).asDouble(), step);
        // 2048 tokens a step, at 2048 or 4096 tokens a second.
        double seconds = train.path("seconds").get(i).asDouble();
        assertTrue(
            Math.abs(seconds - step) < 0.01 * step || Math.abs(seconds - step / 2.0) < 0.01 * step,
            () -> "after step " + step + ": " + seconds);
        spike |= train.path("values").get(i).asDouble() == 99.5 && step == 777;
      }
      if (run.path("valid").size() > 0) {
        assertEquals(15, run.path("valid").path("steps").size());
      }
    }
    assertTrue(spike, "the one loss of 99.5 at step 777 is gone");
    // The least validation loss comes first: block costs 0.1, a size saves 0.4, a seed costs 0.01.
    assertEquals("vanilla_2_seed1", runs.get(0).path("name").asText());
  }

  @Test
  void theBestIsMarkedInWordsToo() {
    assertTrue(page.contains("<strong>0.3390</strong> <small>± 0.0123</small>"), "best of lambada");
    assertTrue(count(page, "<span class=\"unseen\">best</span>") >= 5, "marks");
    // Of perplexities the least is best.
    assertTrue(page.contains("<strong>20.0170</strong>"), "perplexity");
  }

  @Test
  void seedsAreAggregated() {
    assertTrue(page.contains("Means over the seeds that are done"));
    // Three seeds, 0.01 apart: a standard deviation of 0.01.
    assertTrue(page.contains("<small>± 0.0100</small>"));
    // The run that failed is not among them.
    assertTrue(page.contains("<td class=\"number\">2 of 3</td>"));
  }

  @Test
  void theCommandIsTheOneThatWasGiven() {
    assertTrue(
        page.contains(
            "pawl run &#39;my sweeps/sample.yaml&#39; training.learning_rate=1e-3 "
                + "&#39;dataset.files=it&#39;\\&#39;&#39;s here.txt&#39; threads=2"),
        "command");
    assertTrue(page.contains("models: {} # &lt;/script&gt; &amp; &lt;b&gt;bold&lt;/b&gt;"), "file");
  }

  @Test
  void failuresSayCauseAndMessage() {
    assertTrue(page.contains("Runs that did not come to their end"));
    assertTrue(page.contains("Attempts that failed"));
    assertTrue(page.contains("loss is &lt;NaN&gt; at step 700 &amp; no longer a number"));
  }

  @Test
  void anEmptyRecordMakesAPageWithoutPlots() throws SQLException {
    try (Database database = Database.open(SampleRecord.write())) {
      assertTrue(ReportData.read(database, Optional.of("none such")).isEmpty());
      assertEquals(
          12, ReportData.read(database, Optional.of(SampleRecord.EXPERIMENT)).runs().all().size());
    }
  }

  private static String withoutLibrary(String text) {
    int start = text.indexOf("<script>");
    int end = text.indexOf("</script>", start);
    return text.substring(0, start) + text.substring(end);
  }

  private static JsonNode data() throws IOException {
    String start = "<script type=\"application/json\" id=\"report-data\">";
    int from = page.indexOf(start) + start.length();
    return JSON.readTree(page.substring(from, page.indexOf("</script>", from)));
  }

  private static int count(String text, String part) {
    List<Integer> found = new ArrayList<>();
    for (int at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + 1)) {
      found.add(at);
    }
    return found.size();
  }
}
