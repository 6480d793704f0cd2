package dev.pawl.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is said of models, without a weight being made. */
class ModelCommandTest {
  @TempDir private Path folder;

  @Test
  void listHasALineAPreset() {
    Said said = Said.pawl("model", "list", "-o", "csv");
    assertEquals(ExitCode.DONE, said.code());
    List<String> lines = said.out().lines().toList();
    assertEquals(26, lines.size());
    assertTrue(
        lines.contains(
            "block_main_b4_300,block lookup prefix-2,4,420313088,304412672,12x1024 + 12x1024"),
        said.out());
  }

  @Test
  void largestPresetIsDescribedWithoutItsWeights() throws IOException {
    Said said = Said.pawl("model", "describe", "block_main_b4_1.2b", "-o", "json", "--tensors");
    assertEquals(ExitCode.DONE, said.code(), said.err());
    JsonNode facts = new ObjectMapper().readTree(said.out());
    assertEquals(1_551_822_848L, facts.at("/parameters/state_dict").longValue());
    assertEquals(2 * 1_551_822_848L, facts.at("/checkpoint_bytes/bf16").longValue());
    // 12 layers of keys and values of 2048 each, a quarter of a block a token, two bytes.
    assertEquals(12 * 2 * 2048 / 4 * 2, facts.at("/cache_bytes_per_token/bf16").longValue());
    assertEquals(2048, facts.at("/context").intValue());
    assertEquals(
        "[4096,2048,1]",
        facts.path("tensors").path("token_decoder.expansion_layer.weight").toString());
  }

  @Test
  void contextChangesWhatAttentionCosts() throws IOException {
    long here = decode("2048");
    // Six layers of width 512 see 2048 keys more.
    assertEquals(6L * 4 * 512 * 2048, decode("4096") - here);
  }

  private static long decode(String context) throws IOException {
    Said said = Said.pawl("model", "describe", "vanilla_70", "-o", "json", "--context", context);
    return new ObjectMapper().readTree(said.out()).at("/flops_per_token/decode").longValue();
  }

  @Test
  void trainerFileIsDescribedAndItsRestNamed() throws IOException {
    Path file = folder.resolve("v.yaml");
    Files.writeString(
        file,
        """
        name: mine
        wandb: true
        model: gpt-neo-x
        model_name_or_path: EleutherAI/pythia-410m-deduped
        model_config: {num_hidden_layers: 6, num_attention_heads: 8, hidden_size: 256}
        total_batch_size: 1
        learning_rate: 1e-3
        num_train_steps: 1
        save_steps: 1
        """);
    Said said = Said.pawl("model", "describe", file.toString());
    assertEquals(ExitCode.DONE, said.code(), said.err());
    assertTrue(said.out().contains("39,950,336"), said.out());
    assertEquals("note: " + file + ": ignored: wandb", said.err().strip());
  }

  @Test
  void unknownNameNamesTheNearestAndIsAMistakeOfUse() {
    Said said = Said.pawl("model", "describe", "vanila_70");
    assertEquals(ExitCode.USAGE, said.code());
    assertEquals(
        "pawl: no model 'vanila_70': neither a preset (nearest: vanilla_70) nor a file",
        said.err().strip());
  }

  @Test
  void contextBelowABlockIsRefused() {
    Said said = Said.pawl("model", "describe", "block_main_b4_5", "--context", "3");
    assertEquals(ExitCode.USAGE, said.code());
    assertEquals("pawl: --context 3: at least one block of 4 tokens is needed", said.err().strip());
  }

  @Test
  void vocabularyLeftToATokenizerIsRefused() throws IOException {
    Path file = folder.resolve("m.yaml");
    Files.writeString(file, "model: {model_config: {num_hidden_layers: 1, hidden_size: 32}}\n");
    Said said = Said.pawl("model", "describe", file.toString());
    assertEquals(ExitCode.USAGE, said.code());
    assertTrue(said.err().contains("vocab_size is left to a tokenizer"), said.err());
    Said counted = Said.pawl("model", "describe", file.toString(), "model.vocab_size=100");
    assertEquals(ExitCode.DONE, counted.code(), counted.err());
    assertTrue(counted.out().matches("(?s).*parameters.tables +6,400\n.*"), counted.out());
  }
}
