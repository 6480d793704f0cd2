package dev.pawl.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code pawl eval} as a user runs it: killed, changed under its feet, and with bad input. */
class EvalCommandTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int DOCUMENTS = 3000;
  private static final String YAML =
      """
      experiment: bytes
      dataset: {stories: {documents: 60, valid_documents: 20, task_documents: 20}}
      tokenizer: {type: bytes}
      models:
        vanilla:
          model_config: {num_hidden_layers: 2, hidden_size: 64, num_attention_heads: 2}
      training:
        max_length: 128
        total_batch_size: 4
        num_train_steps: 4
        num_warmup_steps: 1
        learning_rate: 1e-3
        save_steps: 2
      evaluation:
        checkpoints: all
        tasks:
          - {name: cloze, kind: cloze, file: "corpus:tasks/cloze.jsonl"}
          - {name: choice, kind: choice, file: "corpus:tasks/choice.jsonl"}
      generation:
        repetitions: 1
        shapes: [{prefill_length: 8, decode_length: 4, batch_size: 1}]
      """;

  @TempDir private static Path folder;
  private static Path checkpoint;

  @BeforeAll
  static void train() throws Exception {
    Path file = Files.writeString(folder.resolve("bytes.yaml"), YAML);
    Path home = folder.resolve("trained");
    PawlProcess run =
        PawlProcess.start(
            folder, "run", file.toString(), "--home", home.toString(), "threads=2", "-o", "json");
    assertEquals(0, run.exitCode(), run.err());
    JsonNode tasks = run.json().path(0).path("tasks");
    assertTrue(tasks.path("cloze").path("perplexity").asDouble() > 1, run.out());
    assertTrue(tasks.path("choice").has("acc_norm"), run.out());
    PawlProcess scores =
        PawlProcess.start(
            folder, "results", "--scores", "wide", "--home", home.toString(), "-o", "csv");
    assertEquals(0, scores.exitCode(), scores.err());
    assertTrue(scores.out().startsWith("run,task,metric,n,"), scores.out());
    assertTrue(scores.out().contains("step 4\r\nbytes/vanilla,choice,acc,"), scores.out());
    PawlProcess compare =
        PawlProcess.start(
            folder, "compare", "bytes/vanilla", "vanilla", "--home", home.toString(), "-o", "csv");
    assertEquals(0, compare.exitCode(), compare.err());
    assertTrue(compare.out().contains("\r\nweights,bit-equal,yes,yes,"), compare.out());
    PawlProcess paper =
        PawlProcess.start(
            folder,
            "results",
            "bytes",
            "--paper",
            "block-transformer",
            "--where",
            "status=done",
            "--home",
            home.toString(),
            "-o",
            "md");
    assertEquals(0, paper.exitCode(), paper.err());
    assertTrue(
        paper.out().contains("| run | cpu, 2 threads | vanilla | bytes/vanilla |"), paper.out());
    assertTrue(paper.out().contains("| paper | NVIDIA H100 | block | block_main_b4_1.2b |"));
    checkpoint = home.resolve(run.json().path(0).path("checkpoint").path("path").asText());
    assertTrue(Files.isDirectory(checkpoint), checkpoint.toString());
    SplittableRandom random = new SplittableRandom(1);
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < DOCUMENTS; i++) {
      StringBuilder text = new StringBuilder("in the");
      for (int word = 5 + random.nextInt(15); word > 0; word--) {
        text.append(' ').append("abcdefgh", 0, 1 + random.nextInt(7));
      }
      lines.add("{\"text\": \"" + text + "\"}");
    }
    Files.write(folder.resolve("lambada_test.jsonl"), lines);
  }

  private static PawlProcess eval(String home, Path documents, String... more) throws IOException {
    List<String> all = new ArrayList<>(List.of("eval", "--checkpoint", checkpoint.toString()));
    all.addAll(List.of("--home", folder.resolve(home).toString()));
    if (!List.of(more).contains("--data")) {
      all.addAll(List.of("--data", folder.toString()));
    }
    all.addAll(List.of("--documents", documents.toString(), "--threads", "2", "-o", "json"));
    all.addAll(List.of(more));
    return PawlProcess.start(folder, all.toArray(String[]::new));
  }

  private static PawlProcess lambada(String home, String batchSize) throws IOException {
    return eval(
        home,
        folder.resolve(home + ".jsonl"),
        "--tasks",
        "lambada_openai",
        "--batch-size",
        batchSize);
  }

  // Lines of the journal: one of digests, then one a batch.
  private static List<String> journal(String home) throws IOException {
    Path evaluations = folder.resolve(home).resolve("evaluations");
    if (!Files.isDirectory(evaluations)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(evaluations)) {
      List<Path> found = files.filter(Files::isRegularFile).toList();
      return found.isEmpty() ? List.of() : Files.readAllLines(found.get(0));
    }
  }

  private static void killAfter(String home, int lines) throws Exception {
    PawlProcess process = lambada(home, "16");
    while (journal(home).size() < lines && process.process.isAlive()) {
      Thread.sleep(5);
    }
    process.process.destroyForcibly().waitFor();
    assertTrue(process.out().isEmpty(), "it ended before it could be killed");
  }

  @Test
  void killedThreeTimesTheTableIsTheSameAndNothingIsComputedTwice() throws Exception {
    PawlProcess straight = lambada("straight", "64");
    assertEquals(0, straight.exitCode(), straight.err());
    assertEquals(DOCUMENTS, straight.json().path("tasks").path("lambada_openai").path("n").asInt());
    int stored = 0;
    for (int kill = 1; kill <= 3; kill++) {
      killAfter("killed", stored + 8);
      int now = journal("killed").size();
      assertTrue(now >= stored + 7, now + " lines after " + stored);
      stored = now;
    }
    // What is stored already goes through one more start, and each document stands in it once.
    killAfter("killed", stored + 2);
    Set<Integer> documents = new HashSet<>();
    for (String line : journal("killed")) {
      for (JsonNode answer : answers(line)) {
        assertTrue(documents.add(answer.path("document").asInt()), "computed twice: " + answer);
      }
    }
    PawlProcess last = lambada("killed", "7");
    assertEquals(0, last.exitCode(), last.err());
    assertTrue(last.err().contains("lambada_openai goes on"), last.err());
    assertEquals(straight.out(), last.out());
    assertEquals(
        Files.readString(folder.resolve("straight.jsonl")),
        Files.readString(folder.resolve("killed.jsonl")));
    assertEquals(List.of(), journal("killed"));
  }

  private static JsonNode answers(String line) throws IOException {
    try {
      return JSON.readTree(line).path("answers");
    } catch (com.fasterxml.jackson.core.JsonProcessingException torn) {
      return JSON.createArrayNode();
    }
  }

  @Test
  void dataThatChangesBetweenTwoHalvesIsRefusedUntilToldToRestart() throws Exception {
    Path file = folder.resolve("lambada_test.jsonl");
    List<String> lines = Files.readAllLines(file);
    Path data = Files.createDirectories(folder.resolve("changing"));
    Path copy = Files.write(data.resolve("lambada_test.jsonl"), lines);
    String[] arguments = {"--tasks", "lambada_openai", "--data", data.toString()};
    PawlProcess first = eval("changed", folder.resolve("c.jsonl"), arguments);
    while (journal("changed").size() < 3 && first.process.isAlive()) {
      Thread.sleep(5);
    }
    first.process.destroyForcibly().waitFor();
    Files.write(copy, lines.subList(1, lines.size()));
    PawlProcess second = eval("changed", folder.resolve("c.jsonl"), arguments);
    assertEquals(1, second.exitCode(), second.err());
    assertTrue(second.err().contains(copy.toString()), second.err());
    assertTrue(second.err().contains("--restart"), second.err());
  }

  @Test
  void badInputIsRefusedByName() throws Exception {
    refused("lambada_openai is given twice", "--tasks", "lambada_openai,lambada_openai");
    refused("nearest: hellaswag", "--tasks", "helaswag");
    refused("no piqa_valid.jsonl or valid.jsonl", "--tasks", "piqa");
    refused("--batch-size 0", "--tasks", "lambada_openai", "--batch-size", "0");
  }

  private static void refused(String what, String... arguments) throws Exception {
    PawlProcess process = eval("bad", folder.resolve("bad.jsonl"), arguments);
    assertEquals(2, process.exitCode(), process.err());
    assertTrue(process.err().contains(what), process.err());
    assertFalse(process.err().contains("BUG"), process.err());
  }

  @Test
  void harnessResultsAreThoseOfTheTable() throws Exception {
    Path harness = folder.resolve("harness/results.json");
    PawlProcess process =
        eval(
            "harness",
            folder.resolve("h.jsonl"),
            "--tasks",
            "lambada_openai,megatron_lambada,megatron_lambada_strict",
            "--limit",
            "20",
            "--harness-results",
            harness.toString());
    assertEquals(0, process.exitCode(), process.err());
    JsonNode table = process.json().path("tasks").path("lambada_openai");
    JsonNode file = JSON.readTree(harness.toFile()).path("results").path("lambada_openai");
    assertEquals(20, table.path("n").asInt());
    assertEquals(table.path("perplexity"), file.path("perplexity,none"));
    assertEquals(table.path("perplexity_stderr"), file.path("perplexity_stderr,none"));
    assertEquals(60, Files.readAllLines(folder.resolve("h.jsonl")).size());
  }
}
