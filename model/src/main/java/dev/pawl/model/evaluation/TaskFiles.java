package dev.pawl.model.evaluation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads task documents from JSON lines: {@code {"text"}} for a cloze, {@code {"context", "choices",
 * "gold"}} for a choice.
 */
public final class TaskFiles {
  private static final ObjectMapper JSON = new ObjectMapper();

  private TaskFiles() {}

  /**
   * Reads the first documents; all for a limit of 0.
   *
   * @throws PawlException DATA that names file and line
   */
  public static List<TaskDocument> read(Path file, TaskKind kind, int limit) throws IOException {
    List<TaskDocument> documents = new ArrayList<>();
    int number = 0;
    for (String line : Files.readAllLines(file)) {
      number++;
      if (line.isBlank()) {
        continue;
      }
      if (limit > 0 && documents.size() == limit) {
        break;
      }
      String place = file + ":" + number;
      try {
        JsonNode record = JSON.readTree(line);
        String id = Integer.toString(number);
        documents.add(
            kind == TaskKind.CLOZE ? cloze(place, id, record) : choice(place, id, record));
      } catch (JsonProcessingException e) {
        throw new PawlException(
            FailureCause.DATA, place + ": not a JSON object: " + e.getOriginalMessage(), e);
      }
    }
    if (documents.isEmpty()) {
      throw new PawlException(FailureCause.DATA, file + " holds no document");
    }
    return documents;
  }

  private static TaskDocument cloze(String place, String id, JsonNode record) {
    String text = record.path("text").asText("").stripTrailing();
    int space = text.lastIndexOf(' ');
    if (space < 1) {
      throw new PawlException(
          FailureCause.DATA, place + ": a cloze needs 'text' of at least two words");
    }
    return new TaskDocument(id, text.substring(0, space), List.of(text.substring(space)), 0);
  }

  private static TaskDocument choice(String place, String id, JsonNode record) {
    List<String> continuations = new ArrayList<>();
    record.path("choices").forEach(choice -> continuations.add(" " + choice.asText()));
    int gold = record.path("gold").asInt(-1);
    if (continuations.size() < 2 || gold < 0 || gold >= continuations.size()) {
      throw new PawlException(
          FailureCause.DATA,
          place
              + ": a choice needs 'context', two or more 'choices', and 'gold', the right one's index");
    }
    return new TaskDocument(id, record.path("context").asText(), continuations, gold);
  }
}
