package dev.pawl.experiments;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every kind of mistake, with the exact line that names it. */
class ConfigProblemsTest {
  private static final String GOOD =
      """
      experiment: good
      models:
        vanilla:
          model_config: {num_hidden_layers: 1, hidden_size: 32}
      training:
        max_length: 16
        total_batch_size: 4
        num_train_steps: 10
        learning_rate: 1e-3
        save_steps: 5
      """;

  @TempDir private Path folder;
  private Path file = Path.of("e.yaml");

  @BeforeEach
  void nameFile() {
    file = folder.resolve("e.yaml");
  }

  private List<String> problems(String text, String... overrides) throws IOException {
    Files.writeString(file, text);
    ConfigException e =
        assertThrows(
            ConfigException.class, () -> Experiments.load(file, List.of(overrides)).spec());
    return e.problems().stream().map(line -> line.replace(file.toString(), "e.yaml")).toList();
  }

  private void one(String expected, String text, String... overrides) throws IOException {
    assertEquals(List.of(expected), problems(text, overrides));
  }

  @Test
  void unknownKeyNamesTheNearest() throws IOException {
    one(
        "e.yaml:6: training.max_lenght: unknown key, nearest known key: max_length",
        GOOD.replace("max_length", "max_lenght"));
  }

  @Test
  void misspeltBlockLengthIsNamedThoughTheModelReadsAsVanilla() throws IOException {
    one(
        "e.yaml:4: models.vanilla.block_lenght: unknown key, nearest known key: block_length",
        GOOD.replace("    model_config", "    block_lenght: 4\n    model_config"));
  }

  @Test
  void unknownOverrideIsAnErrorOfTheCommandLine() throws IOException {
    one(
        "command line: training.save_step: unknown key, nearest known key: save_steps",
        GOOD,
        "training.save_step=3");
  }

  @Test
  void overrideWithoutEqualsIsNamed() throws IOException {
    one("command line: 'seed' is not key=value", GOOD, "seed");
  }

  @Test
  void duplicateKeyAndAnotherMistakeAreReportedAtOnce() throws IOException {
    assertEquals(
        List.of(
            "e.yaml:11: training.save_steps: given twice, first at e.yaml:10",
            "e.yaml:8: training.num_train_steps: 'ten' is not a whole number"),
        problems(GOOD.replace("10\n", "ten\n") + "  save_steps: 6\n"));
  }

  @Test
  void syntaxErrorStopsAtItsLine() throws IOException {
    one(
        "e.yaml:3: not valid YAML: while parsing a block node",
        "seed: 1\nexperiment: good\nmodels: ]\n");
  }

  @Test
  void missingRequiredKeyIsNamedAtItsSection() throws IOException {
    one(
        "e.yaml:5: training.learning_rate: is missing: Peak learning rate.",
        GOOD.replace("  learning_rate: 1e-3\n", ""));
  }

  @Test
  void numberOutOfRangeNamesTheRange() throws IOException {
    one(
        "e.yaml:6: training.max_length: 1 is out of range: 2 or more",
        GOOD.replace("max_length: 16", "max_length: 1"));
  }

  @Test
  void numberTooLargeForItsTypeIsNotCalledFractional() throws IOException {
    one(
        "e.yaml:6: training.max_length: '3000000000' is not a whole number of at most 32 bits",
        GOOD.replace("max_length: 16", "max_length: 3000000000"));
  }

  @Test
  void javaNumberSyntaxIsNotANumber() throws IOException {
    one("e.yaml:9: training.learning_rate: '1d' is not a number", GOOD.replace("1e-3", "1d"));
  }

  @Test
  void enumNamesItsConstants() throws IOException {
    one(
        "command line: training.precision: 'fp8' is none of fp64, fp32, bf16",
        GOOD,
        "training.precision=fp8");
  }

  @Test
  void keyWithoutValueIsNamed() throws IOException {
    one(
        "e.yaml:1: experiment: has no value; give one, or leave the key out",
        GOOD.replace("experiment: good", "experiment:"));
  }

  @Test
  void wrongShapeIsNamed() throws IOException {
    one("command line: training: is '5', a mapping is needed", GOOD, "training=5");
  }

  @Test
  void constructorsComplaintStandsAtTheRecordsKey() throws IOException {
    one(
        "e.yaml:5: training: stop_steps 20 is beyond num_train_steps 10",
        GOOD,
        "training.stop_steps=20");
  }

  @Test
  void aliasIsRefused() throws IOException {
    one(
        "e.yaml:11: seed: aliases are not read; write the value out",
        GOOD.replace("good", "&name 7") + "seed: *name\n",
        "seed=3");
  }

  @Test
  void secondDocumentIsRefused() throws IOException {
    one("e.yaml:12: a second document; one file is one document", GOOD + "---\nseed: 3\n");
  }

  @Test
  void missingFileIsNamed() {
    ConfigException e =
        assertThrows(ConfigException.class, () -> Experiments.load(file, List.of()));
    assertEquals(List.of(file + ": cannot be read: no such file"), e.problems());
  }
}
