package dev.pawl.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pawl.db.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command as a user runs it: whole, killed, and again. */
class WholeProgramTest {
  private static final String YAML =
      """
      experiment: tiny
      dataset: {stories: {documents: 300, valid_documents: 40, task_documents: 20}}
      models:
        vanilla:
          model_config: {num_hidden_layers: 1, hidden_size: 32, num_attention_heads: 2}
        block:
          block_length: 4
          embedder: {cls: lookup}
          block_decoder:
            config: {num_hidden_layers: 1, hidden_size: 32, num_attention_heads: 2}
          token_decoder:
            config: {num_hidden_layers: 1, hidden_size: 32, num_attention_heads: 2}
      training:
        max_length: 64
        total_batch_size: 4
        num_train_steps: 400
        num_warmup_steps: 5
        learning_rate: 1e-3
        save_steps: 20
      evaluation:
        tasks:
          - {name: cloze, kind: cloze, file: "corpus:tasks/cloze.jsonl"}
          - {name: choice, kind: choice, file: "corpus:tasks/choice.jsonl"}
      generation:
        repetitions: 2
        shapes: [{prefill_length: 30, decode_length: 6, batch_size: 2}]
      """;

  /** 128 + SIGTERM. */
  private static final int TERMINATED = 143;

  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void write() throws IOException {
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    file = Files.writeString(folder.resolve("tiny.yaml"), YAML);
  }

  @Test
  void killedTrainingEndsWithTheSameBitsAndLeavesNoProcess() throws Exception {
    Path killed = folder.resolve("killed");
    PawlProcess first = run(killed);
    Path work = killed.resolve("work");
    while (!hasCheckpoint(work) && first.process.isAlive()) {
      Thread.sleep(5);
    }
    first.process.destroyForcibly().waitFor();
    assertTrue(hasCheckpoint(work), first.err());
    for (int i = 0; i < 200 && servers(killed) > 0; i++) {
      Thread.sleep(50);
    }
    assertEquals(0, servers(killed));
    PawlProcess runs = PawlProcess.start(folder, "runs", "--home", killed.toString());
    assertEquals(0, runs.exitCode(), runs.err());
    assertTrue(runs.out().contains("INTERRUPTED"), runs.out());
    assertTrue(runs.out().contains("its process is gone; run it again to go on"), runs.out());
    assertFalse(runs.out().contains("RUNNING"), runs.out());

    PawlProcess second = run(killed);
    long before = newestCheckpoint(work);
    while (newestCheckpoint(work) <= before && second.process.isAlive()) {
      Thread.sleep(5);
    }
    second.process.destroy();
    assertEquals(TERMINATED, second.exitCode(), second.err());
    assertEquals(0, servers(killed));
    assertTrue(second.err().contains("the same command goes on"), second.err());
    assertFalse(second.err().contains("BUG"), second.err());
    PawlProcess show = PawlProcess.start(folder, "show", "vanilla", "--home", killed.toString());
    assertEquals(0, show.exitCode(), show.err());
    assertTrue(show.out().contains("RELEASED"), show.out());
    assertTrue(show.out().contains("status      QUEUED"), show.out());
    assertTrue(show.out().contains("interrupted; the same command goes on"), show.out());

    PawlProcess third = run(killed);
    assertEquals(0, third.exitCode(), third.err());
    PawlProcess straight = run(folder.resolve("straight"));
    assertEquals(0, straight.exitCode(), straight.err());
    JsonNode resumed = third.json();
    JsonNode whole = straight.json();
    assertEquals(2, whole.size());
    for (int i = 0; i < 2; i++) {
      assertEquals(400, whole.path(i).path("steps").asInt());
      assertFalse(whole.path(i).path("checkpoint").path("sha256").asText().isEmpty());
      assertEquals(
          whole.path(i).path("checkpoint").path("sha256"),
          resumed.path(i).path("checkpoint").path("sha256"));
      assertEquals(whole.path(i).path("tasks"), resumed.path(i).path("tasks"));
      assertEquals(whole.path(i).path("train_loss"), resumed.path(i).path("train_loss"));
      assertEquals(whole.path(i).path("valid_loss"), resumed.path(i).path("valid_loss"));
    }

    accounted(killed);

    PawlProcess again = run(killed);
    assertEquals(0, again.exitCode(), again.err());
    assertEquals(24, again.err().lines().filter(line -> line.endsWith(": reused")).count());
    assertEquals(resumed, again.json());
    continuesText(killed, resumed.path(0).path("checkpoint").path("path").asText());
    certified(killed);
  }

  /** The seconds of each run add up to the time from its creation to its end. */
  private void accounted(Path home) throws Exception {
    PawlProcess show = PawlProcess.start(folder, "show", "vanilla", "--home", home.toString());
    assertEquals(0, show.exitCode(), show.err());
    assertTrue(
        show.out().lines().anyMatch(line -> line.matches("goodput +[\\d.]+ %: useful .* of .*s")),
        show.out());
    try (EmbeddedPostgres server = EmbeddedPostgres.start(home.resolve("postgres"));
        Connection connection = connect(server);
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                """
                SELECT useful_s, redone_s, saving_s, waiting_s, failed_s, wall_s,
                       extract(epoch FROM finished_at - created_at) AS whole_s
                  FROM v_goodput JOIN run ON run.id = run_id""")) {
      for (int i = 0; i < 2; i++) {
        assertTrue(row.next());
        double whole = row.getDouble("whole_s");
        double sum = 0;
        for (int column = 1; column <= 5; column++) {
          sum += row.getDouble(column);
        }
        assertEquals(whole, sum, whole / 100);
        assertEquals(whole, row.getDouble("wall_s"), whole / 100);
        assertTrue(row.getDouble("useful_s") > 0);
        assertTrue(row.getDouble("saving_s") > 0);
        assertTrue(row.getDouble("waiting_s") > 0);
      }
    }
  }

  /** A prompt of words is continued with words, by ids that are the same in json. */
  private void continuesText(Path home, String checkpoint) throws Exception {
    Path place = home.resolve(checkpoint);
    PawlProcess words = generate(place, "table");
    PawlProcess both = generate(place, "json");
    assertEquals(5, both.json().path("token_ids").size());
    assertFalse(words.out().isBlank());
    assertEquals(both.json().path("text").asText() + System.lineSeparator(), words.out());
  }

  private PawlProcess generate(Path checkpoint, String format) throws Exception {
    PawlProcess generate =
        PawlProcess.start(
            folder,
            "generate",
            "--checkpoint",
            checkpoint.toString(),
            "--text",
            "the old",
            "--max-new-tokens",
            "5",
            "-o",
            format);
    assertEquals(0, generate.exitCode(), generate.err());
    return generate;
  }

  /** A finished run has its certificate, until a byte or a row of it is changed. */
  private void certified(Path home) throws Exception {
    PawlProcess whole = verify(home, 0, "--replay", "45", "--replay-from", "start");
    assertTrue(whole.out().contains("the run is what was computed, bit for bit"), whole.out());
    assertTrue(whole.out().contains("45 steps trained again: "), whole.out());
    assertFalse(whole.out().contains(" and 0 checkpoints"), whole.out());

    String row = "step = 20 AND name = 'train_loss'";
    update(home, "UPDATE metric SET value = value + 1e-9 WHERE " + row);
    assertTrue(verify(home, 1).out().contains("20,train_loss,"));
    update(home, "UPDATE metric SET value = value - 1e-9 WHERE " + row);
    for (String name : List.of("train.bin", "model.safetensors")) {
      List<Path> files = find(home.resolve("artifacts"), name);
      flipLastBit(files);
      String wrong = verify(home, 1).out();
      assertTrue(files.stream().anyMatch(file -> wrong.contains(file.toString())), wrong);
      flipLastBit(files);
    }
  }

  private PawlProcess verify(Path home, int code, String... options) throws Exception {
    List<String> arguments =
        new ArrayList<>(List.of("verify", "tiny/vanilla", "--home", home.toString()));
    arguments.addAll(List.of(options));
    PawlProcess verify = PawlProcess.start(folder, arguments.toArray(String[]::new));
    assertEquals(code, verify.exitCode(), verify.out() + verify.err());
    return verify;
  }

  private static void update(Path home, String sql) throws SQLException {
    try (EmbeddedPostgres server = EmbeddedPostgres.start(home.resolve("postgres"));
        Connection connection = connect(server);
        Statement statement = connection.createStatement()) {
      assertEquals(2, statement.executeUpdate(sql));
    }
  }

  private static Connection connect(EmbeddedPostgres server) throws SQLException {
    return DriverManager.getConnection(
        server.settings().url(),
        server.settings().user().orElseThrow(),
        server.settings().password().orElseThrow());
  }

  private static List<Path> find(Path folder, String name) throws IOException {
    try (Stream<Path> tree = Files.walk(folder)) {
      return tree.filter(path -> path.endsWith(name)).toList();
    }
  }

  private static void flipLastBit(List<Path> files) throws IOException {
    for (Path file : files) {
      try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
        bytes.seek(bytes.length() - 1);
        int last = bytes.read();
        bytes.seek(bytes.length() - 1);
        bytes.write(last ^ 1);
      }
    }
  }

  @Test
  void badInputIsRefusedBeforeAnythingStarts() throws Exception {
    Path home = folder.resolve("home");
    refused(home, "training.learning_rat=1", 2, "learning_rate");
    refused(home, "tokenizer.file=absent.json", 2, "absent.json");
    refused(home, "models.vanilla.vocab_size=100", 2, "512");
    PawlProcess show = PawlProcess.start(folder, "show", "nothing", "--home", home.toString());
    assertEquals(3, show.exitCode(), show.err());
    assertFalse(Files.exists(home.resolve("postgres")));
  }

  @Test
  void dryRunPrintsAnExperimentThatPlansTheSameStages() throws Exception {
    Path home = folder.resolve("home");
    String printed = dryRun(file, home);
    Path copy = Files.writeString(folder.resolve("copy.yaml"), printed.split("\n\n", -1)[0]);
    String again = dryRun(copy, home);
    assertEquals(stages(printed), stages(again));
    assertTrue(printed.contains("vocab_size: 512  # derived from the tokenizer"), printed);
    assertTrue(printed.contains("save_steps: 20  # " + file + ":"), printed);
  }

  private String dryRun(Path yaml, Path home) throws Exception {
    PawlProcess run =
        PawlProcess.start(folder, "run", yaml.toString(), "--dry-run", "--home", home.toString());
    assertEquals(0, run.exitCode(), run.err());
    return run.out();
  }

  private static List<String> stages(String dryRun) {
    List<String> stages = dryRun.lines().filter(line -> line.endsWith("to do")).toList();
    assertEquals(24, stages.size(), dryRun);
    return stages;
  }

  private void refused(Path home, String override, int code, String named) throws Exception {
    PawlProcess run =
        PawlProcess.start(folder, "run", file.toString(), override, "--home", home.toString());
    assertEquals(code, run.exitCode(), run.err());
    assertTrue(run.err().contains(named), run.err());
    assertEquals("", run.out());
  }

  private PawlProcess run(Path home) throws IOException {
    return PawlProcess.start(
        folder, "run", file.toString(), "threads=2", "-o", "json", "--home", home.toString());
  }

  private static long newestCheckpoint(Path work) throws IOException {
    try (Stream<Path> tree = Files.walk(work)) {
      return tree.map(path -> path.getFileName().toString())
          .filter(name -> name.matches("checkpoint-\\d+"))
          .mapToLong(name -> Long.parseLong(name.substring("checkpoint-".length())))
          .max()
          .orElse(0);
    } catch (java.io.UncheckedIOException moved) {
      return 0;
    }
  }

  private static boolean hasCheckpoint(Path work) throws IOException {
    if (!Files.isDirectory(work)) {
      return false;
    }
    try (Stream<Path> tree = Files.walk(work)) {
      return tree.anyMatch(path -> path.endsWith("manifest.json"));
    } catch (java.io.UncheckedIOException moved) {
      return false;
    }
  }

  private static long servers(Path home) {
    return ProcessHandle.allProcesses()
        .filter(process -> process.info().commandLine().orElse("").contains(home.toString()))
        .filter(process -> process.info().command().orElse("").endsWith("/bin/postgres"))
        .count();
  }
}
