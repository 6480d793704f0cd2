package dev.pawl.activities.stage;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pawl.activities.artifact.DurableFiles;
import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The small JSON files within artifacts. */
final class Json {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private Json() {}

  static String text(Object value) {
    try {
      return MAPPER.writeValueAsString(value);
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  static void write(Path file, Object value) throws IOException {
    DurableFiles.write(file, MAPPER.writerWithDefaultPrettyPrinter().writeValueAsBytes(value));
  }

  static <T> T read(Path file, Class<T> type) throws IOException {
    byte[] content = Files.readAllBytes(file);
    try {
      return MAPPER.readValue(content, type);
    } catch (JsonProcessingException damaged) {
      throw new PawlException(
          FailureCause.DATA,
          "%s is not what Pawl wrote: %s; run the experiment again to make it anew"
              .formatted(file, damaged.getOriginalMessage()),
          damaged);
    }
  }
}
