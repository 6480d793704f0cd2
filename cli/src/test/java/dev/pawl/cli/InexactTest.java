package dev.pawl.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pawl.model.torch.CpuCapability;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A training that goes on under conditions that do not give the same bits: refused, or marked. */
class InexactTest {
  private static final String YAML =
      """
      experiment: moved
      dataset: {stories: {documents: 60, valid_documents: 8, task_documents: 8}}
      models:
        one:
          model_config: {num_hidden_layers: 1, hidden_size: 32, num_attention_heads: 2}
      training:
        max_length: 64
        total_batch_size: 4
        num_train_steps: 40
        learning_rate: 1e-3
        save_steps: 10
      evaluation: {tasks: []}
      generation: {shapes: []}
      threads: 2
      """;
  private static final Map<String, String> KILLED =
      Map.of("PAWL_CHAOS", "kill@pretrain.after_record=20");

  @TempDir Path folder;

  @BeforeEach
  void write() throws IOException {
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.writeString(folder.resolve("moved.yaml"), YAML);
  }

  @Test
  void anotherNumberOfThreadsIsRefusedOrMarked() throws Exception {
    code(137, pawl(KILLED, "run", "moved.yaml"));

    PawlProcess refused = pawl(Map.of(), "run", "moved.yaml", "threads=1");
    code(ExitCode.USAGE, refused);
    assertTrue(refused.err().contains("was begun with 2 threads on cpu"), refused.err());
    assertTrue(refused.err().contains("with 1 threads on cpu it would not"), refused.err());
    assertTrue(refused.err().contains("threads=2, or inexactly with --allow-inexact"));
    assertEquals("", refused.out());

    PawlProcess allowed =
        pawl(Map.of(), "run", "moved.yaml", "threads=1", "--allow-inexact", "-o", "json");
    code(ExitCode.DONE, allowed);
    JsonNode result = allowed.json().path(0);
    assertFalse(result.path("exact").asBoolean(true), allowed.out());
    String mark = "from step 21 on with threads 1, before 2 (attempt 2)";
    assertEquals(mark, result.path("inexact").path(0).asText(), allowed.out());
    assertEquals(40, result.path("steps").asInt());

    PawlProcess show = pawl(Map.of(), "show", "one");
    code(ExitCode.DONE, show);
    assertTrue(show.out().contains("not exact   " + mark), show.out());
    PawlProcess results = pawl(Map.of(), "results", "-o", "csv");
    code(ExitCode.DONE, results);
    assertTrue(results.out().lines().findFirst().orElse("").endsWith(",exact"), results.out());
    assertTrue(results.out().strip().endsWith(",no"), results.out());

    PawlProcess verify = pawl(Map.of(), "verify", "one", "--replay", "5");
    code(ExitCode.FAILED, verify);
    assertTrue(verify.out().contains("no bit for bit certificate"), verify.out());
    assertTrue(verify.out().contains("NOT EXACT pretrain         machine"), verify.out());
    assertFalse(verify.out().contains("WRONG"), verify.out());

    PawlProcess other = pawl(Map.of(), "run", "moved.yaml", "experiment=other");
    code(ExitCode.USAGE, other);
    assertTrue(other.err().contains("which another run has computed inexactly"), other.err());

    code(ExitCode.DONE, pawl(Map.of(), "retry", "one", "--from", "pretrain"));
    PawlProcess whole = pawl(Map.of(), "verify", "one", "--replay", "5", "--replay-seed", "3");
    code(ExitCode.DONE, whole);
    assertTrue(whole.out().contains("drawn with seed 3"), whole.out());
    assertTrue(whole.out().contains("what was computed, bit for bit"), whole.out());
  }

  @Test
  void otherVectorKernelsAreMarked() throws Exception {
    assumeFalse(
        CpuCapability.ofThisProcess().equals("default"),
        "this CPU has no vector kernels to do without");
    code(137, pawl(KILLED, "run", "moved.yaml"));
    Map<String, String> plain = Map.of("ATEN_CPU_CAPABILITY", "default");
    code(ExitCode.DONE, pawl(plain, "run", "moved.yaml"));
    PawlProcess verify = pawl(Map.of(), "verify", "one", "-o", "json");
    code(ExitCode.FAILED, verify);
    JsonNode certificate = verify.json();
    assertEquals("inexact", certificate.path("verdict").asText(), verify.out());
    assertTrue(
        verify
            .out()
            .contains(
                "from step 21 on with cpu_capability default, before "
                    + CpuCapability.ofThisProcess()),
        verify.out());
    for (JsonNode stage : certificate.path("stages")) {
      if (stage.path("stage").asText().equals("pretrain")) {
        JsonNode attempts = stage.path("attempts");
        assertEquals(2, attempts.size(), verify.out());
        assertEquals(
            "default", attempts.path(1).path("environment").path("cpu_capability").asText());
      }
    }
  }

  private static void code(int code, PawlProcess process) throws Exception {
    assertEquals(code, process.exitCode(), process.out() + process.err());
  }

  private PawlProcess pawl(Map<String, String> environment, String... arguments)
      throws IOException {
    String[] all = Arrays.copyOf(arguments, arguments.length + 2);
    all[arguments.length] = "--home";
    all[arguments.length + 1] = folder.resolve("home").toString();
    return PawlProcess.start(folder, environment, all);
  }
}
