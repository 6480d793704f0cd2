package dev.pawl.model.dataset.preprocess;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pawl.model.dataset.OutputLock;
import dev.pawl.model.failure.BusyException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The work in progress of one output: a lock, a journal of finished partitions and their files. It
 * is a folder, because tools that merge datasets take no stray files beside them.
 */
final class WorkFolder implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path folder;
  private final OutputLock lock;
  private final List<Part> parts = new ArrayList<>();

  private WorkFolder(Path folder, OutputLock lock) {
    this.folder = folder;
    this.lock = lock;
  }

  /**
   * Makes the folder where it is not there, and locks it; the kernel unlocks it with the process.
   *
   * @param output name of what is made, for the lock
   * @throws BusyException when another run holds it
   */
  static WorkFolder open(Path folder, String output) throws IOException {
    Files.createDirectories(folder);
    return new WorkFolder(folder, OutputLock.take(folder.resolve(output)));
  }

  /** Whether the journal speaks of a run with this fingerprint; reads its partitions then. */
  boolean resume(Fingerprint fingerprint) throws IOException {
    parts.clear();
    if (!Files.exists(journal())) {
      return false;
    }
    List<String> lines = Files.readString(journal()).lines().toList();
    if (lines.isEmpty() || !lines.get(0).equals(text(fingerprint))) {
      return false;
    }
    for (String line : lines.subList(1, lines.size())) {
      try {
        Part part = JSON.readValue(line, Part.class);
        if (part.number() != parts.size()
            || !Files.exists(file(part.number()))
            || Files.size(file(part.number())) != part.partBytes()) {
          break;
        }
        parts.add(part);
      } catch (JsonProcessingException torn) {
        // The process was killed while it wrote this line: the partition is done again.
        break;
      }
    }
    rewriteJournal(fingerprint);
    return true;
  }

  /** Forgets all work and begins a journal. */
  void begin(Fingerprint fingerprint) throws IOException {
    clear();
    rewriteJournal(fingerprint);
  }

  private void rewriteJournal(Fingerprint fingerprint) throws IOException {
    StringBuilder text = new StringBuilder(text(fingerprint)).append('\n');
    for (Part part : parts) {
      text.append(text(part)).append('\n');
    }
    publish(journal(), text.toString());
  }

  /** Finished partitions in order. */
  List<Part> parts() {
    return List.copyOf(parts);
  }

  /** File of a partition. */
  Path file(int number) {
    return folder.resolve("part-%06d".formatted(number));
  }

  /** Makes a partition whose file lies in place part of what a next run finds. */
  void add(Part part) throws IOException {
    force(folder);
    try (FileChannel journal = FileChannel.open(journal(), StandardOpenOption.APPEND)) {
      write(journal, text(part) + "\n");
      journal.force(true);
    }
    parts.add(part);
  }

  /** Leaves what was made of what; the work itself is removed. */
  void finish(Object manifest) throws IOException {
    publish(
        folder.resolve("manifest.json"),
        JSON.writerWithDefaultPrettyPrinter().writeValueAsString(manifest) + "\n");
    clear();
  }

  // The journal first: without it, files of partitions are rubbish.
  private void clear() throws IOException {
    Files.deleteIfExists(journal());
    parts.clear();
    List<Path> files;
    try (Stream<Path> listed = Files.list(folder)) {
      files = listed.filter(f -> f.getFileName().toString().startsWith("part-")).toList();
    }
    for (Path file : files) {
      Files.delete(file);
    }
  }

  private Path journal() {
    return folder.resolve("journal.jsonl");
  }

  private void publish(Path file, String text) throws IOException {
    Path temporary = file.resolveSibling(file.getFileName() + ".tmp");
    try (FileChannel channel =
        FileChannel.open(
            temporary,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      write(channel, text);
      channel.force(true);
    }
    Files.move(
        temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    force(folder);
  }

  private static void write(FileChannel channel, String text) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  /** Makes moves into a folder last. */
  static void force(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  private static String text(Object value) {
    try {
      return JSON.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("records of numbers and strings are writable", e);
    }
  }

  @Override
  public void close() throws IOException {
    lock.close();
  }
}
