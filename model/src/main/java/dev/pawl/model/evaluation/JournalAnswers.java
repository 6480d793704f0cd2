package dev.pawl.model.evaluation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Answers in a file, for evaluations outside any experiment: a line with the digests of the data,
 * then a line for each {@link #add}, forced to the disk. A line that a failure cut short is removed
 * when the journal is opened again.
 */
public final class JournalAnswers implements AnswerStore {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path file;
  private final List<Answer> stored = new ArrayList<>();

  private JournalAnswers(Path file) {
    this.file = file;
  }

  /** The first line: the SHA-256 of each file of the data, by its name. */
  record Header(Map<String, String> data) {}

  /** Any other line. */
  record Entry(List<Answer> answers) {}

  /**
   * Opens a journal, or begins one.
   *
   * @param data SHA-256 of each file of the data, by its path
   * @throws PawlException DATA when a file is another one than that of the answers stored so far
   */
  public static JournalAnswers open(Path file, String task, Map<String, String> data)
      throws IOException {
    Files.createDirectories(file.toAbsolutePath().getParent());
    JournalAnswers journal = new JournalAnswers(file);
    String text = Files.exists(file) ? Files.readString(file) : "";
    int whole = text.lastIndexOf('\n') + 1;
    if (whole == 0) {
      Files.deleteIfExists(file);
      journal.append(new Header(data));
      return journal;
    }
    List<String> lines = text.substring(0, whole).lines().toList();
    try {
      Header header = JSON.readValue(lines.get(0), Header.class);
      for (String line : lines.subList(1, lines.size())) {
        journal.stored.addAll(JSON.readValue(line, Entry.class).answers());
      }
      requireSame(file, task, data, header, journal.stored.size());
    } catch (JsonProcessingException e) {
      throw new PawlException(
          FailureCause.DATA,
          "%s is not what Pawl wrote: %s; evaluate anew with --restart"
              .formatted(file, e.getOriginalMessage()),
          e);
    }
    journal.cut(text.substring(0, whole).getBytes(StandardCharsets.UTF_8).length);
    return journal;
  }

  private static void requireSame(
      Path file, String task, Map<String, String> data, Header header, int answers) {
    data.forEach(
        (path, sha256) -> {
          String before = header.data().get(path);
          if (!sha256.equals(before)) {
            throw new PawlException(
                FailureCause.DATA,
                "task %s: %s has SHA-256 %s, but the %d answers stored in %s are to a file with %s: bring that file back, or evaluate anew with --restart"
                    .formatted(
                        task,
                        path,
                        sha256,
                        answers,
                        file,
                        before == null ? "another name" : before));
          }
        });
  }

  private void cut(long bytes) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(bytes);
      channel.force(true);
    }
  }

  @Override
  public List<Answer> stored() {
    return List.copyOf(stored);
  }

  @Override
  public void add(List<Answer> answers) throws IOException {
    append(new Entry(answers));
    stored.addAll(answers);
  }

  private void append(Object line) throws IOException {
    byte[] bytes = (JSON.writeValueAsString(line) + "\n").getBytes(StandardCharsets.UTF_8);
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      ByteBuffer buffer = ByteBuffer.wrap(bytes);
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
      channel.force(true);
    }
  }
}
