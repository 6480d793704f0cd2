package dev.pawl.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Measuring from the command line, and continuing several prompts. */
class BenchCommandTest {
  private static final Path GOLDEN =
      Path.of("../model/src/test/resources/dev/pawl/model/weights/gpt-neox-fp32");
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path folder;

  private Said bench(String batches, String... more) {
    return Said.pawl(
        Stream.concat(asked(batches, 2).stream(), Arrays.stream(more)).toArray(String[]::new));
  }

  private List<String> asked(String batches, int repetitions) {
    return List.of(
        "bench",
        "--checkpoint",
        GOLDEN.toAbsolutePath().toString(),
        "--prefill-length",
        "5",
        "--decode-length",
        "6",
        "--batch-size",
        batches,
        "--repetitions",
        "" + repetitions,
        "--threads",
        "2",
        "--rows",
        folder.resolve("rows.json").toString(),
        "-o",
        "json");
  }

  @Test
  void rowsAreKeptAndNotMeasuredAgain() throws Exception {
    Path csv = folder.resolve("reference.csv");
    Said first = bench("1,3");
    assertEquals(0, first.code());
    JsonNode measured = JSON.readTree(first.out());
    assertEquals(2, measured.size());
    for (JsonNode row : measured) {
      assertTrue(row.path("tokens_per_second").asDouble() > 0, row.toString());
      assertTrue(row.path("max_memory_bytes").asLong() > 0, row.toString());
      assertTrue(row.path("floor_ms").asDouble() > 0, row.toString());
      assertEquals(2, row.path("milliseconds").size());
      for (String condition :
          List.of("cpu", "device", "threads", "load", "code_version", "gemm_gflops_per_second")) {
        assertTrue(row.has(condition), condition + " in " + row);
      }
    }
    JsonNode again = JSON.readTree(bench("1,3,4", "--reference-csv", csv.toString()).out());
    assertEquals(3, again.size());
    assertEquals(measured.get(0), again.get(0));
    assertEquals(measured.get(1), again.get(1));
    assertEquals(4, Files.readAllLines(csv).size());
    assertEquals(ExitCode.USAGE, bench("many").code());
  }

  @Test
  void aKillTakesNothingButTheRowInProgress() throws Exception {
    Path file = folder.resolve("rows.json");
    // The last batch is far from done when the rows before it are there.
    PawlProcess killed = PawlProcess.start(folder, asked("1,2,20000", 50).toArray(String[]::new));
    while (killed.process.isAlive()
        && (Files.notExists(file) || JSON.readTree(Files.readAllBytes(file)).size() < 2)) {
      Thread.sleep(20);
    }
    killed.process.destroyForcibly().waitFor();
    assertEquals("", killed.out(), killed.err());
    JsonNode kept = JSON.readTree(Files.readAllBytes(file));
    assertEquals(2, kept.size());
    PawlProcess again = PawlProcess.start(folder, asked("1,2,3", 50).toArray(String[]::new));
    assertEquals(0, again.exitCode(), again.err());
    JsonNode rows = JSON.readTree(again.out());
    assertEquals(3, rows.size());
    assertEquals(kept.get(0).path("milliseconds"), rows.get(0).path("milliseconds"));
    assertEquals(kept.get(1).path("milliseconds"), rows.get(1).path("milliseconds"));
  }

  @Test
  void predictsThePapersTable() throws Exception {
    JsonNode rows = JSON.readTree(Said.pawl("bench", "--predict", "h100", "-o", "json").out());
    assertEquals(20, rows.size());
    assertEquals("vanilla_31", rows.get(0).path("model").asText());
    assertEquals(ExitCode.USAGE, Said.pawl("bench", "--predict", "abacus").code());
  }

  @Test
  void promptsShareABatchOrNot() throws Exception {
    assertEquals(generate(1), generate(2));
    assertEquals(generate(2), generate(5));
  }

  private static JsonNode generate(int batch) throws Exception {
    Said result =
        Said.pawl(
            "generate",
            "--checkpoint",
            GOLDEN.toString(),
            "--token-ids",
            "1,2,3",
            "--repeat",
            "5",
            "--batch-size",
            "" + batch,
            "--temperature",
            "1",
            "--max-new-tokens",
            "8",
            "--precision",
            "fp64",
            "--threads",
            "2",
            "-o",
            "json");
    assertEquals(0, result.code());
    JsonNode made = JSON.readTree(result.out());
    assertEquals(5, made.size());
    assertEquals(8, made.get(4).path("token_ids").size());
    return made;
  }
}
