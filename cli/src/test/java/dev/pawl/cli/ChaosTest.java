package dev.pawl.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Faults that a user asks for, in real processes: the same command, typed again, ends alike. */
class ChaosTest {
  static final String YAML =
      """
      experiment: chaos
      dataset: {stories: {documents: 300, valid_documents: 40, task_documents: 20}}
      models:
        one:
          model_config: {num_hidden_layers: 1, hidden_size: 32, num_attention_heads: 2}
      training:
        max_length: 64
        total_batch_size: 4
        num_train_steps: 60
        learning_rate: 1e-3
        save_steps: 20
      evaluation:
        tasks: [{name: cloze, kind: cloze, file: "corpus:tasks/cloze.jsonl"}]
      generation:
        repetitions: 2
        shapes: [{prefill_length: 8, decode_length: 4, batch_size: 1}]
      threads: 1
      """;

  private static final int KILLED = 137;

  @TempDir Path folder;

  @BeforeEach
  void write() throws IOException {
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.writeString(folder.resolve("chaos.yaml"), YAML);
  }

  @Test
  void theSameCommandGoesOnBehindEveryFault() throws Exception {
    JsonNode straight = done(run("straight"));
    String[] kills = {"kill@tokenize.document=30", "kill@pretrain.during_save=40"};
    List<String> arguments = new ArrayList<>();
    for (String kill : kills) {
      arguments.add("--chaos");
      arguments.add(kill);
    }
    arguments.add("--chaos=stall:0.1@pretrain.step=7,fail@evaluate.document=20");
    String[] given = arguments.toArray(String[]::new);
    for (int kill = 0; kill < kills.length; kill++) {
      PawlProcess killed = run("home", given);
      assertEquals(KILLED, killed.exitCode(), killed.err());
      assertTrue(killed.err().contains("halted at fault point kill@"), killed.err());
    }
    PawlProcess last = run("home", given);
    assertEquals(straight, done(last));
    assertTrue(last.err().contains("made to fail by fail@evaluate.document=20"), last.err());
    assertFalse(last.err().contains("never came to"), last.err());
    try (var left = Files.list(folder.resolve("home/chaos"))) {
      assertEquals(List.of(), left.toList());
    }
    PawlProcess reused = run("home", "--chaos", "kill@corpus.after_claim");
    assertEquals(straight, done(reused));
    assertTrue(reused.err().contains("never came to kill@corpus.after_claim"), reused.err());
  }

  @Test
  void pointsAreListedAndMistakesAreUsage() throws Exception {
    PawlProcess list = PawlProcess.start(folder, "run", "--chaos", "list");
    assertEquals(0, list.exitCode(), list.err());
    assertTrue(list.out().contains("pretrain.step[=N]"), list.out());
    PawlProcess wrong = run("home", "--chaos", "kill@pretrain.sep=3");
    assertEquals(2, wrong.exitCode(), wrong.err());
    assertTrue(wrong.err().contains("nearest: pretrain.step"), wrong.err());
    assertFalse(Files.exists(folder.resolve("home/postgres")));
  }

  /** What determines nothing of a clock: digests, losses, scores. */
  private static JsonNode done(PawlProcess run) throws Exception {
    assertEquals(0, run.exitCode(), run.err());
    JsonNode json = run.json().path(0);
    com.fasterxml.jackson.databind.node.ObjectNode kept =
        new com.fasterxml.jackson.databind.ObjectMapper().createObjectNode();
    assertFalse(json.path("checkpoint").path("sha256").asText().isEmpty());
    kept.set("sha256", json.path("checkpoint").path("sha256"));
    kept.set("steps", json.path("steps"));
    kept.set("tasks", json.path("tasks"));
    kept.set("train_loss", json.path("train_loss"));
    kept.set("valid_loss", json.path("valid_loss"));
    return kept;
  }

  private PawlProcess run(String home, String... more) throws IOException {
    List<String> arguments = new ArrayList<>(List.of("run", "chaos.yaml", "-o", "json"));
    arguments.addAll(List.of("--home", folder.resolve(home).toString()));
    arguments.addAll(List.of(more));
    return PawlProcess.start(folder, arguments.toArray(String[]::new));
  }
}
