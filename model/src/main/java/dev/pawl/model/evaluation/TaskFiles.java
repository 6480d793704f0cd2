package dev.pawl.model.evaluation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pawl.model.config.TaskFormat;
import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads the documents of a task as fields. */
final class TaskFiles {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final TypeReference<LinkedHashMap<String, Object>> FIELDS =
      new TypeReference<>() {};

  private TaskFiles() {}

  /**
   * Reads the first documents; all for a limit of 0.
   *
   * @throws PawlException DATA that names file and line
   */
  static List<Fields> read(Path file, TaskFormat format, int limit) throws IOException {
    List<Fields> documents = new ArrayList<>();
    switch (format) {
      case JSONL -> lines(file, limit, documents);
      case TSV -> table(file, limit, documents);
      case WIKITEXT -> {
        for (String page : Wikitext.pages(text(file))) {
          add(documents, limit, file + ", article ", Map.of("page", page));
        }
      }
      case TEXT -> add(documents, limit, file + ", text ", Map.of("text", text(file)));
    }
    if (documents.isEmpty()) {
      throw new PawlException(FailureCause.DATA, file + " holds no document");
    }
    return documents;
  }

  private static void add(
      List<Fields> documents, int limit, String place, Map<String, Object> values) {
    int number = documents.size();
    if (limit == 0 || number < limit) {
      documents.add(new Fields(number, place + (number + 1), new LinkedHashMap<>(values)));
    }
  }

  private static void lines(Path file, int limit, List<Fields> documents) throws IOException {
    int line = 0;
    for (String text : text(file).split("\n", -1)) {
      line++;
      if (text.isBlank()) {
        continue;
      }
      if (limit > 0 && documents.size() == limit) {
        break;
      }
      String place = file + ":" + line;
      try {
        LinkedHashMap<String, Object> values = JSON.readValue(text, FIELDS);
        if (values == null) {
          throw new PawlException(FailureCause.DATA, place + ": not a JSON object: null");
        }
        documents.add(new Fields(documents.size(), place, values));
      } catch (JsonProcessingException e) {
        throw new PawlException(
            FailureCause.DATA, place + ": not a JSON object: " + e.getOriginalMessage(), e);
      }
    }
  }

  private static void table(Path file, int limit, List<Fields> documents) throws IOException {
    String[] lines = text(file).split("\r?\n", -1);
    String[] names = lines[0].split("\t", -1);
    for (int i = 1; i < lines.length && (limit == 0 || documents.size() < limit); i++) {
      if (lines[i].isBlank()) {
        continue;
      }
      String[] cells = lines[i].split("\t", -1);
      String place = file + ":" + (i + 1);
      if (cells.length != names.length) {
        throw new PawlException(
            FailureCause.DATA,
            "%s: %d columns, the first line names %d".formatted(place, cells.length, names.length));
      }
      LinkedHashMap<String, Object> values = new LinkedHashMap<>();
      for (int j = 0; j < cells.length; j++) {
        values.put(names[j], cells[j]);
      }
      documents.add(new Fields(documents.size(), place, values));
    }
  }

  /** Gives each document the label of its line in another file. */
  static void label(List<Fields> documents, Path documentFile, Path labels, int limit)
      throws IOException {
    List<String> found = text(labels).lines().filter(line -> !line.isBlank()).toList();
    boolean enough = limit > 0 && documents.size() == limit && found.size() >= limit;
    if (found.size() != documents.size() && !enough) {
      throw new PawlException(
          FailureCause.DATA,
          "%s has %d labels, %s has %d documents: they are not of one data set"
              .formatted(labels, found.size(), documentFile, documents.size()));
    }
    for (int i = 0; i < documents.size(); i++) {
      documents.get(i).values().put("label", found.get(i).strip());
    }
  }

  private static String text(Path file) throws IOException {
    try {
      return Files.readString(file);
    } catch (CharacterCodingException e) {
      throw new PawlException(FailureCause.DATA, file + " is not UTF-8 text", e);
    }
  }
}
