package dev.pawl.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pawl.model.dataset.IndexedDatasetWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Training on token datasets that were made elsewhere: taken, sampled, killed and resumed. */
class TokenDatasetTest {
  private static final String YAML =
      """
      experiment: tokens
      dataset: {split: "90,10,0"}
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
        max_length: 32
        total_batch_size: 4
        num_train_steps: 24
        learning_rate: 1e-3
        save_steps: 8
        valid_samples: 8
      generation:
        repetitions: 1
        shapes: [{prefill_length: 16, decode_length: 4, batch_size: 1}]
      """;

  private static final int KILLED = 137;
  private static final Map<String, String> KILL = Map.of("PAWL_CHAOS", "kill@pretrain.step=14");

  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void write() throws IOException {
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    file = Files.writeString(folder.resolve("tokens.yaml"), YAML);
    dataset("a", 60, 1);
    dataset("b", 40, 2);
  }

  @Test
  void blendIsTrainedOnAndResumedWithTheSameBits() throws Exception {
    String[] overrides = {
      "dataset.data_path=[0.7, %s, 0.3, %s]".formatted(folder.resolve("a"), folder.resolve("b")),
      "dataset.sampler=megatron"
    };
    Path straight = folder.resolve("straight");
    JsonNode whole = done(run(straight, Map.of(), overrides));
    assertTrue(linked(straight), "the files of the user were copied");

    Path killed = folder.resolve("killed");
    PawlProcess first = run(killed, KILL, overrides);
    assertEquals(KILLED, first.exitCode(), first.err());
    same(whole, done(run(killed, Map.of(), overrides)));
  }

  private static JsonNode done(PawlProcess run) throws Exception {
    assertEquals(0, run.exitCode(), run.err());
    JsonNode json = run.json();
    assertEquals(2, json.size());
    assertEquals(24, json.path(0).path("steps").asInt());
    return json;
  }

  private static void same(JsonNode whole, JsonNode resumed) {
    for (int i = 0; i < 2; i++) {
      assertFalse(digest(whole, i).isEmpty());
      assertEquals(digest(whole, i), digest(resumed, i));
      assertEquals(whole.path(i).path("valid_loss"), resumed.path(i).path("valid_loss"));
    }
  }

  private static String digest(JsonNode results, int run) {
    return results.path(run).path("checkpoint").path("sha256").asText();
  }

  private boolean linked(Path home) throws IOException {
    Object user = Files.getAttribute(folder.resolve("a.bin"), "unix:ino");
    try (Stream<Path> tree = Files.walk(home.resolve("artifacts").resolve("take"))) {
      List<Path> files = tree.filter(path -> path.toString().endsWith("-00000.bin")).toList();
      return files.size() == 1 && Files.getAttribute(files.get(0), "unix:ino").equals(user);
    }
  }

  private void dataset(String name, int documents, long seed) throws IOException {
    Random random = new Random(seed);
    try (IndexedDatasetWriter writer = new IndexedDatasetWriter(folder.resolve(name), 257)) {
      for (int i = 0; i < documents; i++) {
        writer.document(random.ints(20 + random.nextInt(60), 0, 256).toArray());
      }
      writer.finish();
    }
  }

  private PawlProcess run(Path home, Map<String, String> environment, String... overrides)
      throws IOException {
    List<String> arguments = new ArrayList<>(List.of("run", file.toString(), "threads=1"));
    arguments.addAll(List.of(overrides));
    arguments.addAll(List.of("-o", "json", "--home", home.toString()));
    return PawlProcess.start(folder, environment, arguments.toArray(String[]::new));
  }
}
