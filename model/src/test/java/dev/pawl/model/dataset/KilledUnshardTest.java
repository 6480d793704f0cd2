package dev.pawl.model.dataset;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pawl.model.failure.BusyException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Joining in a process that is killed with signal 9 again and again, at random moments. */
class KilledUnshardTest {
  private static final int KILLS = 20;
  private static final int SHARDS = 12;
  private static final int SHARD_BYTES = 4 << 20;
  private static final int LAST_BYTES = 1_234_567;

  /** A process that may do this many pieces cannot end. */
  private static final int MOST_PIECES = 44;

  @TempDir Path folder;

  @Test
  void everyRunGoesOnAtTheShardWhereTheLastOneWasKilled() throws Exception {
    Path input = Files.createDirectory(folder.resolve("in"));
    Path work = Files.createDirectory(folder.resolve("out"));
    byte[] whole = TestShards.write(input, "corpus", SHARDS, SHARD_BYTES, LAST_BYTES);
    String sha256 = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(whole));
    Path output = work.resolve("corpus.bin");
    SplittableRandom random = new SplittableRandom(20);
    List<Integer> begun = new ArrayList<>();
    int kills = 0;
    while (kills < KILLS) {
      int done = shardsInJournal(work);
      // Somewhere within the next three shards, or at once: reading back counts as pieces too.
      int victim = random.nextInt(1 + Math.min(MOST_PIECES - 4, done * 4 + 1 + random.nextInt(12)));
      Process process = start(input, output, sha256, victim + 4);
      try (BufferedReader lines = process.inputReader()) {
        int pieces = 0;
        String line = lines.readLine();
        while (line != null && pieces < victim) {
          pieces += line.equals("piece") ? 1 : 0;
          line = lines.readLine();
        }
      }
      process.destroyForcibly().waitFor();
      assertEquals(137, process.exitValue(), "the process was to be killed, not to end");
      kills++;
      int after = shardsInJournal(work);
      assertTrue(after >= done, "a shard that was done is not any more");
      // What is written and not in the journal will be redone: never more than one shard.
      long written = size(work.resolve("corpus.bin.partial"));
      assertTrue(
          written <= (long) (after + 1) * SHARD_BYTES,
          "%d bytes are written, the journal has %d shards".formatted(written, after));
      begun.add(after);
    }
    int done = shardsInJournal(work);
    Process last = start(input, output, sha256, 1000);
    List<String> lines;
    try (BufferedReader reader = last.inputReader()) {
      lines = reader.lines().filter(line -> !line.equals("piece")).toList();
    }
    assertEquals(0, last.waitFor());
    assertEquals("whole " + sha256, lines.get(lines.size() - 1));
    assertEquals(SHARDS - done, lines.size() - 1, () -> "kills at " + begun + ", then " + lines);
    assertArrayEquals(whole, Files.readAllBytes(output));
    try (var files = Files.list(work)) {
      assertEquals(1, files.count(), "only the output is left");
    }
  }

  @Test
  void secondProcessIsRefusedUntilTheFirstIsGone() throws Exception {
    Path input = Files.createDirectory(folder.resolve("in"));
    Path work = Files.createDirectory(folder.resolve("out"));
    byte[] whole = TestShards.write(input, "corpus", 3, 1 << 20, 1000);
    String sha256 = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(whole));
    Path output = work.resolve("corpus.bin");
    ShardSet set = ShardSet.numbered(input, OptionalInt.empty(), Optional.empty());
    Process first = start(input, output, sha256, 1);
    try (BufferedReader lines = first.inputReader()) {
      String line = lines.readLine();
      while (line != null && !line.equals("piece")) {
        line = lines.readLine();
      }
      String message =
          assertThrows(
                  BusyException.class,
                  () -> Unsharder.unshard(set, output, work, Optional.empty(), bytes -> {}))
              .getMessage();
      assertTrue(message.contains("another process (pid %d)".formatted(first.pid())), message);
    } finally {
      first.destroyForcibly().waitFor();
    }
    Unsharded made = Unsharder.unshard(set, output, work, Optional.empty(), bytes -> {});
    assertEquals(sha256, made.whole().sha256());
  }

  private static Process start(Path input, Path output, String sha256, int pieces)
      throws IOException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xshare:auto",
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                KilledUnshard.class.getName(),
                input.toString(),
                output.toString(),
                sha256)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    process.getOutputStream().write(new byte[pieces]);
    process.getOutputStream().flush();
    return process;
  }

  private static int shardsInJournal(Path work) throws IOException {
    Path journal = work.resolve("corpus.bin.journal");
    if (!Files.exists(journal)) {
      return 0;
    }
    String text = Files.readString(journal);
    return (int)
        text.substring(0, text.lastIndexOf('\n') + 1)
            .lines()
            .filter(line -> line.startsWith("shard "))
            .count();
  }

  private static long size(Path file) throws IOException {
    return Files.exists(file) ? Files.size(file) : 0;
  }
}
