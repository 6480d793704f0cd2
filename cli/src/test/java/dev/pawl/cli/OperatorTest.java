package dev.pawl.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an operator does from a second terminal, with real processes. */
class OperatorTest {
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final String YAML =
      """
      experiment: long
      dataset: {stories: {documents: 300, valid_documents: 40, task_documents: 20}}
      models:
        one:
          model_config: {num_hidden_layers: 1, hidden_size: 32, num_attention_heads: 2}
      training:
        max_length: 64
        total_batch_size: 4
        num_train_steps: 1500
        learning_rate: 1e-3
        save_steps: 1000
        logging_steps: 50
      evaluation: {tasks: []}
      generation: {shapes: []}
      threads: 2
      """;

  @TempDir Path folder;

  @BeforeEach
  void write() throws IOException {
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.writeString(folder.resolve("long.yaml"), YAML);
  }

  @Test
  void pausedResumedStoppedAndRetriedEndsWithTheSameBits() throws Exception {
    PawlProcess first = pawl("asked", "run", "long.yaml");
    await("asked", "steps", first);
    assertEquals(0, pawl("asked", "pause", "one").exitCode());
    await("asked", "status      PAUSED", first);
    PawlProcess twice = pawl("asked", "show", "one");
    assertEquals(0, twice.exitCode());
    assertTrue(twice.out().contains("RELEASED CANCELLED: an operator asked to pause"), twice.out());
    assertTrue(twice.out().contains("checkpoint step "), twice.out());
    assertEquals(0, pawl("asked", "resume", "one").exitCode());
    await("asked", "attempt 2 ", first);
    assertEquals(0, pawl("asked", "stop", "long/one").exitCode());
    assertEquals(ExitCode.FAILED, first.exitCode(), first.err());
    assertTrue(first.err().contains("an operator asked to stop"), first.err());

    PawlProcess late = pawl("asked", "pause", "one");
    assertEquals(ExitCode.BUSY, late.exitCode(), late.err());
    PawlProcess unknown = pawl("asked", "retry", "one", "--from", "pretran");
    assertEquals(ExitCode.NOT_FOUND, unknown.exitCode());
    assertTrue(unknown.err().contains("nearest: pretrain"), unknown.err());

    PawlProcess retried = pawl("asked", "retry", "--failed", "-o", "json");
    assertEquals(0, retried.exitCode(), retried.err());
    PawlProcess straight = pawl("straight", "run", "long.yaml", "-o", "json");
    assertEquals(0, straight.exitCode(), straight.err());
    String sha256 = straight.json().path(0).path("checkpoint").path("sha256").asText();
    assertFalse(sha256.isEmpty());
    assertEquals(sha256, retried.json().path(0).path("checkpoint").path("sha256").asText());

    PawlProcess fromScratch = pawl("asked", "retry", "one", "--from", "report");
    assertEquals(0, fromScratch.exitCode(), fromScratch.err());
    assertTrue(fromScratch.err().contains("one generation: reused"), fromScratch.err());
    assertTrue(fromScratch.err().contains("one report: done"), fromScratch.err());
  }

  private void await(String home, String text, PawlProcess running) throws Exception {
    Instant end = Instant.now().plus(PATIENCE);
    String shown = "";
    while (!shown.contains(text) && Instant.now().isBefore(end) && running.process.isAlive()) {
      Thread.sleep(100);
      if (Files.exists(folder.resolve(home).resolve("postgres").resolve("initdb.ok"))) {
        PawlProcess show = pawl(home, "show", "one");
        show.exitCode();
        shown = show.out();
      }
    }
    assertTrue(shown.contains(text), shown + running.err());
  }

  private PawlProcess pawl(String home, String... arguments) throws IOException {
    String[] all = java.util.Arrays.copyOf(arguments, arguments.length + 2);
    all[arguments.length] = "--home";
    all[arguments.length + 1] = folder.resolve(home).toString();
    return PawlProcess.start(folder, all);
  }
}
