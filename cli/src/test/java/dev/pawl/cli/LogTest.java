package dev.pawl.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;

/** The log in both of its formats, and the end of it that people are shown. */
class LogTest {
  private static final Map<String, String> FIRST =
      Map.of("run", "3fa1", "experiment", "e1", "stage", "pretrain", "attempt", "2");

  @TempDir Path folder;

  @Test
  void linesOfAnAttemptSayWhichInTextAndInJson() throws Exception {
    List<String> text = written(false);
    assertEquals(5, text.size(), text.toString());
    assertTrue(
        text.get(0).contains(" WARN  [3fa1 pretrain #2] dev.pawl.Log checkpoint set"), text.get(0));
    assertTrue(text.get(1).contains(" INFO  dev.pawl.Log nobody's \"line\""), text.get(1));
    assertTrue(text.get(2).contains("java.lang.IllegalStateException: cause"), text.get(2));

    List<String> lines = written(true);
    assertEquals(3, lines.size(), lines.toString());
    JsonNode first = new ObjectMapper().readTree(lines.get(0));
    assertEquals("3fa1", first.path("run").asText());
    assertEquals("2", first.path("attempt").asText());
    assertEquals("checkpoint set aside", first.path("message").asText());
    assertEquals("WARN", first.path("level").asText());
    assertTrue(first.path("time").asText().endsWith("Z"), lines.get(0));
    assertFalse(first.has("error"));
    JsonNode second = new ObjectMapper().readTree(lines.get(1));
    assertEquals("nobody's \"line\"", second.path("message").asText());
    assertTrue(second.path("error").asText().contains("IllegalStateException: cause\n"));
    assertFalse(second.has("run"));
  }

  @Test
  void theEndOfALogIsThatOfTheRunAndReadableWhateverTheFormat() throws Exception {
    Path log = folder.resolve("mixed.log");
    Files.write(log, written(false));
    Files.write(log, written(true), StandardOpenOption.APPEND);

    List<String> own = LogTail.of(log, "3fa1", 5);
    assertEquals(2, own.size(), own.toString());
    for (String line : own) {
      assertTrue(line.contains("WARN  [3fa1 pretrain #2] "), line);
      assertTrue(line.endsWith(" checkpoint set aside"), line);
    }
    // A run that nothing was said of: the end of all.
    List<String> all = LogTail.of(log, "none", 4);
    assertEquals(4, all.size());
    assertTrue(all.get(3).endsWith(" of another"), all.get(3));
    assertTrue(all.stream().noneMatch(line -> line.contains("\tat ")), all.toString());
  }

  private List<String> written(boolean json) throws IOException {
    Path file = folder.resolve(json ? "json.log" : "text.log");
    LoggerContext context = new LoggerContext();
    LogbackMDCAdapter fields = new LogbackMDCAdapter();
    context.setMDCAdapter(fields);
    LogConfigurator.configure(context, file.toString(), json);
    context.start();
    Logger log = context.getLogger("dev.pawl.Log");
    fields.setContextMap(FIRST);
    log.warn("checkpoint set {}", "aside");
    fields.clear();
    IllegalStateException cause = new IllegalStateException("cause");
    cause.setStackTrace(new StackTraceElement[] {new StackTraceElement("A", "b", "A.java", 3)});
    log.info("nobody's \"line\"", cause);
    fields.setContextMap(Map.of("run", "9c", "stage", "tokenize", "attempt", "1"));
    log.info("of another");
    context.stop();
    return Files.readAllLines(file);
  }
}
