package dev.pawl.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A sweep in real processes: a failing run, its repair, and what an edit may change. */
class SweepCommandTest {
  private static final String YAML =
      """
      experiment: mended
      dataset: {stories: {documents: 60, valid_documents: 8, task_documents: 8, shards: 1}}
      models:
        one:
          model_config: {num_hidden_layers: 1, hidden_size: 32, num_attention_heads: 2}
      training:
        max_length: 64
        total_batch_size: 4
        num_train_steps: 10
        learning_rate: 1e-3
        save_steps: 5
        valid_samples: 4
      evaluation: {tasks: []}
      generation: {shapes: []}
      threads: 1
      sweep:
        max_in_flight: 2
        points:
          last: {evaluation.checkpoints: [last]}
          step: {evaluation.checkpoints: [7]}
          fast: {training.learning_rate: 2e-3}
      """;

  @TempDir Path folder;

  @BeforeEach
  void write() throws IOException {
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.writeString(folder.resolve("mended.yaml"), YAML);
  }

  @Test
  void aRunThatFailsStopsNoOtherAndAloneIsRunAgainOnceItIsMended() throws Exception {
    Said dry = said("run", file(), "--dry-run");
    code(ExitCode.DONE, dry);
    assertTrue(dry.out().contains("# 3 runs"), dry.out());
    assertTrue(dry.out().contains("by 3 runs"), dry.out());
    assertTrue(dry.out().contains("tokens  5,120 to train on, in 2 trainings"), dry.out());
    assertTrue(dry.out().contains("time    unknown"), dry.out());

    PawlProcess first = pawl("run", "mended.yaml");
    code(ExitCode.FAILED, first);
    assertTrue(first.err().contains("CONFIG: evaluation.checkpoints"), first.err());
    assertTrue(first.err().contains("of 3 runs 2 are done, 1 failed"), first.err());

    Files.writeString(
        folder.resolve("mended.yaml"),
        YAML.replace("[7]", "[10]").replace("flight: 2", "flight: 1"));
    PawlProcess mended = pawl("retry", "--failed", "--file", "mended.yaml", "-o", "json");
    code(ExitCode.DONE, mended);
    assertTrue(
        mended.err().contains("  evaluation.checkpoints: [last], [7] -> [last], [10]"),
        mended.err());
    assertTrue(mended.err().contains("  sweep.max_in_flight: 2 -> 1"), mended.err());
    assertTrue(mended.err().contains("  runs: 2 the same, 1 with other stages, 0 new"));
    assertTrue(mended.err().contains("of 1 runs 1 are done"), mended.err());
    assertTrue(mended.err().contains("one,step evaluate: done"), mended.err());
    assertFalse(mended.err().contains("one,last"), mended.err());
    assertFalse(mended.err().contains("one,fast"), mended.err());
    JsonNode results = mended.json();
    assertEquals(3, results.size(), mended.out());

    Files.writeString(
        folder.resolve("mended.yaml"), YAML.replace("[7]", "[10]").replace("2e-3", "3e-3"));
    Said refused = said("run", file());
    code(ExitCode.USAGE, refused);
    assertTrue(
        refused.err().contains("1 of its runs were trained with other values"), refused.err());
    assertTrue(refused.err().contains("run one,fast"), refused.err());
    assertTrue(
        refused.err().contains("training.learning_rate: 0.001, 0.002 -> 0.001, 0.003"),
        refused.err());

    Files.writeString(folder.resolve("mended.yaml"), YAML.replace("[7]", "[10]"));
    Said done = said("run", file());
    code(ExitCode.DONE, done);
    assertTrue(done.err().contains("all 3 runs of mended are done"), done.err());
  }

  private static void code(int code, PawlProcess process) throws Exception {
    assertEquals(code, process.exitCode(), process.out() + process.err());
  }

  private static void code(int code, Said said) {
    assertEquals(code, said.code(), said.out() + said.err());
  }

  private String file() {
    return folder.resolve("mended.yaml").toString();
  }

  /** In this process, for what starts no training. */
  private Said said(String... arguments) {
    return Said.pawl(atHome(arguments));
  }

  private PawlProcess pawl(String... arguments) throws IOException {
    return PawlProcess.start(folder, atHome(arguments));
  }

  private String[] atHome(String... arguments) {
    String[] all = Arrays.copyOf(arguments, arguments.length + 2);
    all[arguments.length] = "--home";
    all[arguments.length + 1] = folder.resolve("home").toString();
    return all;
  }
}
