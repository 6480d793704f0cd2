package dev.pawl.cli.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pawl.db.Database;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The page in a real browser: drawn whole, without a complaint and without a request. */
class ReportBrowserTest {
  private static final String DRAWN = "document.documentElement?.dataset.drawn";
  private static final int DESKTOP = 1400;
  private static final int PHONE = 390;

  @TempDir static Path folder;
  private static Path file = Path.of("");
  private static @Nullable Browser started;
  private final Browser browser;

  @BeforeAll
  static void make() throws Exception {
    assumeTrue(
        Browser.program().isPresent(),
        "no Chromium on the PATH and none named by PAWL_TEST_BROWSER: the page is not tested in one");
    try (Database database = Database.open(SampleRecord.write())) {
      ReportData data = ReportData.read(database, Optional.empty());
      file = folder.resolve("report.html");
      Files.writeString(
          file, ReportPage.of(data, data.title(), Instant.EPOCH, "0.1.0"), StandardCharsets.UTF_8);
    }
    started = Browser.start(Browser.program().orElseThrow());
  }

  @AfterAll
  static void close() throws Exception {
    if (started != null) {
      started.close();
    }
  }

  ReportBrowserTest() {
    browser = Objects.requireNonNull(started);
    browser.forget();
  }

  @ParameterizedTest
  @CsvSource({"1400, false", "1400, true", "390, false", "390, true"})
  void everySectionAndPlotIsDrawn(int width, boolean dark) throws Exception {
    browser.open(file, width, dark, DRAWN);
    assertEquals(10, number("document.querySelectorAll('main > section').length"));
    JsonNode heights =
        browser.value(
            "[...document.querySelectorAll('main > section')].map(s => s.getBoundingClientRect().height)");
    heights.forEach(height -> assertTrue(height.asDouble() > 50, heights::toString));
    // Lines, marks, axes: what is drawn has a shape each, and a place within its box.
    JsonNode plots =
        browser.value(
            "[...document.querySelectorAll('.plot')].map(p => ({id: p.id,"
                + " shapes: p.querySelectorAll('svg path').length,"
                + " texts: p.querySelectorAll('svg text').length,"
                + " right: p.querySelector('svg').getBoundingClientRect().right}))");
    assertEquals(5, plots.size());
    for (JsonNode plot : plots) {
      assertTrue(plot.path("shapes").asInt() > 10, plot::toString);
      assertTrue(plot.path("texts").asInt() > 5, plot::toString);
      assertTrue(plot.path("right").asDouble() <= width, plot::toString);
    }
    assertTrue(
        number("document.documentElement.scrollWidth") <= width,
        () -> "the page is wider than " + width);
    quiet();
  }

  @Test
  void theSchemeOfTheSystemHoldsUntilTheSwitchSaysOtherwise() throws Exception {
    browser.open(file, DESKTOP, false, DRAWN);
    String light = paper();
    String lightInk = ink();
    browser.open(file, DESKTOP, true, DRAWN);
    String dark = paper();
    assertNotEquals(light, dark);
    assertNotEquals(lightInk, ink());
    browser.value("document.getElementById('theme').click()");
    assertEquals(light, paper());
    assertEquals(lightInk, ink());
    assertEquals("Theme: light", browser.value("theme.textContent").asText());
    browser.value("document.getElementById('theme').click()");
    assertEquals(dark, paper());
    quiet();
  }

  @Test
  void everyControlRedrawsItsPlot() throws Exception {
    browser.open(file, DESKTOP, false, DRAWN);
    String seen = axisTitles("plot-curves");
    assertTrue(seen.contains("optimizer steps"), seen);
    for (String axis : List.of("tokens", "seconds")) {
      browser.value(
          "(() => { const s = document.querySelector('#plot-curves-controls select');"
              + " s.value = '"
              + axis
              + "'; s.dispatchEvent(new Event('change')); })()");
      assertTrue(
          axisTitles("plot-curves")
              .contains(axis.equals("tokens") ? "tokens read" : "training time, minutes"),
          axisTitles("plot-curves"));
    }
    String before = browser.value("document.querySelector('#plot-curves svg').innerHTML").asText();
    browser.value("document.querySelectorAll('.controls input').forEach(each => each.click())");
    assertNotEquals(
        before, browser.value("document.querySelector('#plot-curves svg').innerHTML").asText());
    browser.value(
        "(() => { const s = document.querySelector('#plot-goodput-controls select');"
            + " s.value = 'time'; s.dispatchEvent(new Event('change')); })()");
    assertTrue(axisTitles("plot-goodput").contains("wall time, minutes"));
    quiet();
  }

  @Test
  void aHostileNameIsShownAndDoesNothing() throws Exception {
    browser.open(file, DESKTOP, false, DRAWN);
    assertTrue(browser.value("window.owned === undefined").asBoolean());
    assertTrue(browser.value("document.querySelector('b#owned') === null").asBoolean());
    assertTrue(browser.value("document.body.innerText").asText().contains(SampleRecord.HOSTILE));
    // Its tip, too, is text.
    browser.value("document.querySelector('#plot-positions').scrollIntoView({block: 'center'})");
    JsonNode box =
        browser.value(
            "(() => { const r = document.querySelector('#plot-positions').getBoundingClientRect();"
                + " return {x: r.x + r.width / 2, y: r.y + r.height / 2}; })()");
    browser.call(
        "Input.dispatchMouseEvent",
        Map.of("type", "mouseMoved", "x", box.path("x").asInt(), "y", box.path("y").asInt()));
    Thread.sleep(200);
    assertTrue(
        browser
            .value("(document.querySelector('#plot-positions .tip') || {}).textContent")
            .asText()
            .contains(SampleRecord.HOSTILE));
    assertTrue(browser.value("window.owned === undefined").asBoolean());
    // The policy alone would stop it as well.
    browser.value(
        "(() => { const s = document.createElement('script'); s.textContent = 'window.owned = 2';"
            + " document.body.append(s); })()");
    assertTrue(browser.value("window.owned === undefined").asBoolean());
  }

  @Test
  void itPrintsWithoutCuttingTables() throws Exception {
    browser.open(file, DESKTOP, true, DRAWN);
    assertTrue(browser.print().length > 20_000);
    // As on paper of 269 mm between the margins.
    browser.call(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", 1017, "height", 900, "deviceScaleFactor", 1, "mobile", false));
    browser.call("Emulation.setEmulatedMedia", Map.of("media", "print"));
    browser.value("window.dispatchEvent(new Event('beforeprint'))");
    JsonNode wide =
        browser.value(
            "[...document.querySelectorAll('table, svg, pre')]"
                + ".filter(e => e.getBoundingClientRect().right > 1018)"
                + ".map(e => e.tagName + ' ' + e.textContent.slice(0, 40))");
    assertEquals("[]", wide.toString());
    assertEquals("rgb(255, 255, 255)", paper());
    quiet();
  }

  @Test
  void aPhoneReadsTablesByScrollingThemAlone() throws Exception {
    browser.open(file, PHONE, false, DRAWN);
    assertEquals(PHONE, number("document.documentElement.clientWidth"));
    assertTrue(
        number("Math.max(...[...document.querySelectorAll('.scroll')].map(e => e.scrollWidth))")
            > PHONE);
    assertTrue(
        browser
            .value(
                "[...document.querySelectorAll('button, select')].every(e => e.offsetHeight >= 34)")
            .asBoolean());
    quiet();
  }

  private void quiet() {
    assertEquals(List.of(), browser.complaints());
    assertEquals(
        List.of(),
        browser.requests().stream()
            .filter(url -> !url.startsWith("file:") && !url.startsWith("data:"))
            .toList());
    assertTrue(
        browser.requests().stream()
            .filter(url -> url.startsWith("file:"))
            .allMatch(url -> url.endsWith("/report.html")));
  }

  private int number(String expression) throws Exception {
    return browser.value(expression).asInt();
  }

  private String paper() throws Exception {
    return browser.value("getComputedStyle(document.body).backgroundColor").asText();
  }

  private String ink() throws Exception {
    return browser
        .value("getComputedStyle(document.querySelector('#plot-curves svg text')).fill")
        .asText();
  }

  private String axisTitles(String plot) throws Exception {
    return browser
        .value(
            "[...document.querySelectorAll('#"
                + plot
                + " svg text')].map(t => t.textContent).join('|')")
        .asText();
  }
}
