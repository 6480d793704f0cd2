package dev.pawl.workflows;

import io.temporal.api.enums.v1.EventType;
import io.temporal.common.WorkflowExecutionHistory;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * Histories as releases left them: {@code histories/RELEASE/SCENARIO/WORKFLOW_ID.N.json.gz}, where
 * N counts the histories of a workflow that continued as new, from 1. A file never changes once its
 * release is out.
 */
final class RecordedHistories {
  /** In the sources, seen from the folder of the module, which is where its tests run. */
  static final Path FOLDER = Path.of("src/test/resources/dev/pawl/workflows/histories");

  private static final Pattern NAME = Pattern.compile("(?<id>.+)\\.(?<part>\\d+)\\.json\\.gz");

  private RecordedHistories() {}

  /**
   * One history.
   *
   * @param release the version that recorded it
   * @param scenario what happened in it
   * @param name of its file
   */
  record Recorded(String release, String scenario, String name, WorkflowExecutionHistory history) {
    /** The type of the workflow. */
    String workflow() {
      return history
          .getEvents()
          .get(0)
          .getWorkflowExecutionStartedEventAttributes()
          .getWorkflowType()
          .getName();
    }

    /** How the history ends. */
    EventType end() {
      return history.getLastEvent().getEventType();
    }

    @Override
    public String toString() {
      return release + "/" + scenario + "/" + name;
    }
  }

  /** Every history of every release, in order of their names. */
  static List<Recorded> all() throws IOException {
    try (Stream<Path> files = Files.walk(FOLDER)) {
      List<Path> found = files.filter(Files::isRegularFile).sorted().toList();
      // No stream: reading throws.
      List<Recorded> histories = new ArrayList<>();
      for (Path file : found) {
        histories.add(read(file));
      }
      return histories;
    }
  }

  private static Recorded read(Path file) throws IOException {
    Path place = FOLDER.relativize(file);
    Matcher name = NAME.matcher(file.getFileName().toString());
    if (place.getNameCount() != 3 || !name.matches()) {
      throw new IOException(place + " is not RELEASE/SCENARIO/WORKFLOW_ID.N.json.gz");
    }
    try (InputStream in = new GZIPInputStream(Files.newInputStream(file))) {
      String json = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return new Recorded(
          place.getName(0).toString(),
          place.getName(1).toString(),
          file.getFileName().toString(),
          // Ids of children follow from the id of their parent.
          WorkflowExecutionHistory.fromJson(json, name.group("id")));
    }
  }

  /** Writes one, in place of the one that was there. */
  static void write(String release, String scenario, int part, WorkflowExecutionHistory history)
      throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(packed)) {
      out.write(history.toJson(false).getBytes(StandardCharsets.UTF_8));
    }
    Path folder = Files.createDirectories(FOLDER.resolve(release).resolve(scenario));
    String name = "%s.%d.json.gz".formatted(history.getWorkflowExecution().getWorkflowId(), part);
    Path temporary = Files.createTempFile(folder, name, ".tmp");
    Files.write(temporary, packed.toByteArray());
    Files.move(temporary, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
  }
}
