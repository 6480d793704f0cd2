package dev.pawl.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The last lines of a log, for people, in whichever format each of them is: those about a run,
 * where there are any, else the last ones of all.
 */
final class LogTail {
  /** A log may be long; its end is near its end. */
  private static final int BYTES = 1 << 18;

  private static final ObjectMapper JSON = new ObjectMapper();

  /** The beginning of a line that is not the continuation of the one before, such as a stack. */
  private static final Pattern BEGINNING = Pattern.compile("\\{.*|\\d{4}-\\d{2}-\\d{2}T.*");

  private LogTail() {}

  /** The last lines about a run, the newest last. */
  static List<String> of(Path file, String runId, int lines) throws IOException {
    List<String> entries =
        end(file).lines().filter(line -> BEGINNING.matcher(line).matches()).toList();
    String text = "[" + runId + " ";
    String json = "\"%s\":\"%s\"".formatted("run", runId);
    List<String> own =
        entries.stream().filter(line -> line.contains(text) || line.contains(json)).toList();
    List<String> chosen = own.isEmpty() ? entries : own;
    List<String> tail = new ArrayList<>();
    for (String line : chosen.subList(Math.max(0, chosen.size() - lines), chosen.size())) {
      tail.add(line.startsWith("{") ? readable(line) : line);
    }
    return tail;
  }

  private static String end(Path file) throws IOException {
    try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
      long from = Math.max(0, in.length() - BYTES);
      byte[] bytes = new byte[(int) (in.length() - from)];
      in.seek(from);
      in.readFully(bytes);
      return new String(bytes, StandardCharsets.UTF_8);
    }
  }

  private static String readable(String line) {
    try {
      JsonNode entry = JSON.readTree(line);
      String attempt =
          entry.has("run")
              ? "[%s %s #%s] "
                  .formatted(
                      entry.path("run").asText(),
                      entry.path("stage").asText(),
                      entry.path("attempt").asText())
              : "";
      return "%s %-5s %s%s %s"
          .formatted(
              entry.path("time").asText(),
              entry.path("level").asText(),
              attempt,
              entry.path("logger").asText(),
              entry.path("message").asText());
    } catch (JsonProcessingException cut) {
      return line;
    }
  }
}
