package dev.pawl.cli.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.pebbletemplates.pebble.PebbleEngine;
import io.pebbletemplates.pebble.template.PebbleTemplate;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The page as one text of HTML. Style, script, the plots' library and the data are all in it, and
 * its content security policy forbids it to ask for anything else, or to run any other script.
 *
 * <p>Texts from the record reach the page by two ways only: through the template, which escapes
 * them, and as JSON within a script element that is not run, in which no {@code <} is left.
 */
public final class ReportPage {
  private static final PebbleEngine ENGINE =
      new PebbleEngine.Builder()
          .strictVariables(true)
          .autoEscaping(true)
          .cacheActive(false)
          .defaultLocale(Locale.ROOT)
          .build();
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern UNUSUAL = Pattern.compile("[^A-Za-z0-9._-]+");

  private ReportPage() {}

  /**
   * Makes the page.
   *
   * @param codeVersion of this program
   */
  public static String of(ReportData data, String title, Instant now, String codeVersion) {
    List<Section> sections =
        List.of(
            SummarySection.of(data),
            CurvesSection.of(data),
            PositionsSection.of(data),
            SpeedSection.of(data),
            ScoresSection.of(data),
            GoodputSection.of(data),
            LineageSection.of(data),
            EnvironmentSection.of(data),
            FailuresSection.of(data),
            CommandsSection.of(data));
    String library = resource("echarts.common.min.js");
    String script = resource("report.js");
    Map<String, Object> context = new HashMap<>();
    context.put("title", title);
    context.put("made", Words.time(now));
    context.put("version", codeVersion);
    context.put("sections", sections);
    context.put("style", embedded(resource("report.css"), "</style"));
    context.put("library", embedded(library, "</script"));
    context.put("script", embedded(script, "</script"));
    context.put("data", json(plots(sections)));
    context.put(
        "policy",
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; script-src %s %s; base-uri 'none'; form-action 'none'"
            .formatted(hash(library), hash(script)));
    StringWriter out = new StringWriter();
    try {
      PebbleTemplate template = ENGINE.getLiteralTemplate(resource("report.html"));
      template.evaluate(out, context);
    } catch (IOException e) {
      throw new UncheckedIOException("a text in memory can always be written", e);
    }
    return out.toString();
  }

  /**
   * A name with nothing in it that a file's name must not have; {@code pawl} where nothing is left.
   */
  public static String fileName(String name) {
    String plain = UNUSUAL.matcher(name).replaceAll("-").replaceAll("^[.-]+|[.-]+$", "");
    return plain.isEmpty() ? "pawl" : plain;
  }

  private static List<Map<String, Object>> plots(List<Section> sections) {
    List<Map<String, Object>> all = new ArrayList<>();
    for (Section section : sections) {
      for (Part part : section.parts()) {
        if (part instanceof Part.Plots plots) {
          for (Plot plot : plots.plots()) {
            Map<String, Object> object = new LinkedHashMap<>();
            object.put("id", plot.id());
            object.put("kind", plot.kind());
            object.put("data", plot.data());
            all.add(object);
          }
        }
      }
    }
    return all;
  }

  /** JSON that ends no element: its texts may hold anything. */
  static String json(Object value) {
    try {
      return JSON.writeValueAsString(value)
          .replace("<", "\\u003c")
          .replace(">", "\\u003e")
          .replace("&", "\\u0026")
          .replace("\u2028", "\\u2028")
          .replace("\u2029", "\\u2029");
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("maps, lists, texts and numbers are always writable", e);
    }
  }

  // What is embedded as it stands is this program's own, and still must not end its element.
  private static String embedded(String text, String end) {
    if (text.toLowerCase(Locale.ROOT).contains(end)) {
      throw new IllegalStateException("a part of the page holds " + end);
    }
    return text;
  }

  private static String hash(String script) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(script.getBytes(StandardCharsets.UTF_8));
      return "'sha256-" + Base64.getEncoder().encodeToString(digest) + "'";
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private static String resource(String name) {
    try (InputStream in = ReportPage.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException(name + " is missing in this build");
      }
      // A browser reads every line's end as one character, and hashes it so.
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).replace("\r\n", "\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
