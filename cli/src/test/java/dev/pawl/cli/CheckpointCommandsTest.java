package dev.pawl.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands on one checkpoint, on a tiny GPT-NeoX model that transformers wrote. */
class CheckpointCommandsTest {
  private static final Path GOLDEN =
      Path.of("../model/src/test/resources/dev/pawl/model/weights/gpt-neox-fp32");
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path folder;

  private static Said score(Path checkpoint, String ids, String... more) {
    List<String> all = new ArrayList<>(List.of("score", "--checkpoint", checkpoint.toString()));
    all.addAll(List.of("--token-ids", ids, "--threads", "2", "-o", "json"));
    all.addAll(List.of(more));
    return Said.pawl(all.toArray(String[]::new));
  }

  @Test
  void importedAndExportedModelsScoreAlike() throws Exception {
    Path imported = folder.resolve("imported");
    Path exported = folder.resolve("exported");
    assertEquals(
        0, Said.pawl("model", "import", GOLDEN.toString(), "--output", "" + imported).code());
    Said export =
        Said.pawl(
            "model", "export", "" + imported, "--output", "" + exported, "--max-shard-size", "9KB");
    assertEquals(0, export.code(), export.err());
    assertTrue(Files.exists(exported.resolve("model.safetensors.index.json")));
    JsonNode golden = JSON.readTree(GOLDEN.resolve("golden.json").toFile());
    JsonNode sequence = golden.path("sequences").path(0);
    String ids = sequence.path("token_ids").toString().replaceAll("[\\[\\] ]", "");
    String first = score(GOLDEN, ids).out();
    JsonNode found = JSON.readTree(first);
    double sum = 0;
    for (int i = 1; i < sequence.path("token_ids").size(); i++) {
      double expected = sequence.path("token_logprobs").path(i).asDouble();
      assertEquals(expected, found.path("token_logprobs").path(i).asDouble(), 1e-4);
      sum -= expected;
    }
    assertTrue(found.path("token_logprobs").path(0).isNull());
    assertEquals(
        sum / (sequence.path("token_ids").size() - 1), found.path("loss").asDouble(), 1e-4);
    assertEquals(first, score(imported, ids).out());
    assertEquals(first, score(exported, ids).out());
    Said generated =
        Said.pawl(
            "generate",
            "--checkpoint",
            "" + imported,
            "--token-ids",
            "5,17,3,39",
            "--max-new-tokens",
            "12",
            "--eos",
            "none",
            "--threads",
            "2",
            "-o",
            "json");
    assertEquals(
        golden.path("generation").path("token_ids"),
        JSON.readTree(generated.out()).path("token_ids"));
  }

  @Test
  void mistakesAreUsageErrors() throws Exception {
    refused(score(GOLDEN, "5,40"), "token id 40 at position 1 is outside");
    refused(score(GOLDEN, ""), "the input is empty");
    refused(score(GOLDEN, "5,x"), "'x' at position 1 is no token id");
    refused(score(GOLDEN, "5"), "1 token is given, but nothing is predicted before token 2");
    refused(score(folder, "5,6"), "holds no checkpoint");
    refused(score(GOLDEN, "5,6", "--model", "vanilla_70"), "vocab_size is 40 in the file, 50304");
    refused(
        Said.pawl("score", "--checkpoint", "" + GOLDEN, "--text", "word"),
        "has no tokenizer.json: give one with --tokenizer FILE");
    refused(
        Said.pawl("score", "--checkpoint", "" + GOLDEN, "--token-ids", "5,6", "--threads", "0"),
        "--threads 0: at least 1 is needed");
    Path text = Files.writeString(folder.resolve("weights.txt"), "x");
    refused(score(text, "5,6"), "is neither a folder nor a .safetensors file");
    Said taken = Said.pawl("model", "export", "" + GOLDEN, "--output", "" + GOLDEN);
    assertEquals(ExitCode.BUSY, taken.code(), taken.err());
    assertTrue(taken.err().contains("is there already"), taken.err());
    Path absent = folder.resolve("absent");
    for (Said result :
        List.of(
            score(absent, "5,6"),
            Said.pawl("model", "export", "" + absent, "--output", "" + folder),
            Said.pawl("model", "import", "" + absent, "--output", "" + folder))) {
      assertEquals(ExitCode.NOT_FOUND, result.code(), result.err());
    }
    refused(
        Said.pawl("model", "export", "" + GOLDEN, "--output", "" + folder, "--dtype", "fp8"),
        "'fp8' is no number format");
    refused(
        Said.pawl(
            "model", "export", "" + GOLDEN, "--output", "" + folder, "--max-shard-size", "big"),
        "--max-shard-size 'big' is no size");
  }

  @Test
  void weightsAloneNeedAModel() throws Exception {
    Files.copy(GOLDEN.resolve("model.safetensors"), folder.resolve("model.safetensors"));
    refused(score(folder, "5,6"), "say with --model which model they belong to");
    Path model =
        Files.writeString(
            folder.resolve("model.yaml"),
            """
            model_config:
              num_hidden_layers: 2
              hidden_size: 24
              num_attention_heads: 3
              intermediate_size: 40
              rotary_pct: 0.5
              rotary_emb_base: 5000
              layer_norm_eps: 2e-5
            """);
    String ids = "5,17,3,39,0";
    Said found = score(folder, ids, "--model", model.toString());
    assertEquals(0, found.code(), found.err());
    assertEquals(score(GOLDEN, ids).out(), found.out());
  }

  private static void refused(Said result, String message) {
    assertEquals(ExitCode.USAGE, result.code(), result.err());
    assertTrue(result.err().contains(message), result.err());
  }
}
