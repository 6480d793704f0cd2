package dev.pawl.model.dataset.preprocess;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pawl.model.dataset.preprocess.PreprocessorTest.RequestBuilder;
import dev.pawl.model.tokenizer.Tokenizer;
import dev.pawl.model.tokenizer.Tokenizers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Killed at twenty moments and run again: the same bytes, and one partition done twice at most. */
class PreprocessorCrashTest {
  private static final int KILLS = 20;

  @TempDir Path folder;

  @Test
  void killedRunsGoOnWhereTheyWere() throws Exception {
    Files.writeString(folder.resolve("a.jsonl"), PreprocessorTest.corpus(1800));
    byte[][] expected = straightRun();
    Random random = new Random(11);
    int kills = 0;
    int killsAtWork = 0;
    long reached = 0;
    while (kills < KILLS) {
      Path log = folder.resolve("log.txt");
      Process process = start(log);
      boolean ended = process.waitFor(400 + random.nextInt(900), TimeUnit.MILLISECONDS);
      process.destroyForcibly().waitFor();
      List<String> lines = Files.readAllLines(log);
      long resumed = last(lines, "resumed ");
      long advanced = last(lines, "advanced ");
      if (!lines.isEmpty()) {
        // A block ends a partition, so that one is longer by up to a block of the same size.
        assertTrue(
            reached - resumed <= 2 * KilledPreprocessor.PARTITION_BYTES,
            "%d bytes were done, a new run began at %d".formatted(reached, resumed));
      }
      reached = lines.isEmpty() ? reached : Math.max(resumed, advanced);
      if (ended) {
        assertEquals("done", lines.get(lines.size() - 1));
      } else {
        kills++;
        killsAtWork += advanced > 0 ? 1 : 0;
        boolean output = Files.exists(folder.resolve("out_text_document.idx"));
        if (output && !Files.exists(folder.resolve("out.preprocess/journal.jsonl"))) {
          ended = true;
        }
      }
      if (ended) {
        requireOutput(expected);
        clear();
        reached = 0;
      }
    }
    assertTrue(killsAtWork >= KILLS / 4, killsAtWork + " kills hit a run at work");
    Path log = folder.resolve("log.txt");
    assertTrue(start(log).waitFor(2, TimeUnit.MINUTES));
    assertEquals("done", Files.readAllLines(log).get(Files.readAllLines(log).size() - 1));
    requireOutput(expected);
    assertFalse(Files.exists(folder.resolve("out_text_document.bin.tmp")));
  }

  private byte[][] straightRun() throws IOException {
    try (Tokenizer tokenizer = Tokenizers.bytes()) {
      PreprocessRequest request = new RequestBuilder(folder, "a.jsonl").eod().make();
      Preprocessor.run(request, tokenizer, PreprocessListener.SILENT);
    }
    byte[][] made = {
      Files.readAllBytes(folder.resolve("out_text_document.bin")),
      Files.readAllBytes(folder.resolve("out_text_document.idx"))
    };
    clear();
    return made;
  }

  private void requireOutput(byte[][] expected) throws IOException {
    assertArrayEquals(expected[0], Files.readAllBytes(folder.resolve("out_text_document.bin")));
    assertArrayEquals(expected[1], Files.readAllBytes(folder.resolve("out_text_document.idx")));
  }

  private void clear() throws IOException {
    Files.delete(folder.resolve("out_text_document.bin"));
    Files.delete(folder.resolve("out_text_document.idx"));
  }

  private static long last(List<String> lines, String word) {
    return lines.stream()
        .filter(line -> line.matches(word + "\\d+"))
        .mapToLong(line -> Long.parseLong(line.substring(word.length())))
        .max()
        .orElse(0);
  }

  private Process start(Path log) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx256m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
            KilledPreprocessor.class.getName(),
            folder.toString())
        .redirectErrorStream(true)
        .redirectOutput(log.toFile())
        .start();
  }
}
