package dev.pawl.experiments.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pawl.experiments.ConfigException;
import dev.pawl.experiments.Experiments;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlannerTest {
  private static final Machine MACHINE = new Machine("cpu", 2);

  @TempDir private Path folder = Path.of("");

  private static Plan quickstart(String... overrides) {
    return Planner.plan(Experiments.load(Path.of("quickstart.yaml"), List.of(overrides)), MACHINE);
  }

  private static Plan text(Path document, String... overrides) {
    List<String> all = new ArrayList<>(List.of(overrides));
    all.add("dataset.files=" + document);
    return Planner.plan(Experiments.load(Path.of("text.yaml"), all), MACHINE);
  }

  private Path document(String name, String content) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, content);
  }

  // Keys of the stages of the block model whose key differs between two plans.
  private static String changed(Plan before, Plan after) {
    List<PlannedStage> a = before.runs().get(1).stages();
    List<PlannedStage> b = after.runs().get(1).stages();
    List<String> kinds = new ArrayList<>();
    for (int i = 0; i < a.size(); i++) {
      if (!a.get(i).key().equals(b.get(i).key())) {
        kinds.add(a.get(i).kind());
      }
    }
    return String.join(" ", kinds);
  }

  @Test
  void planIsTheSameEachTime() {
    assertEquals(quickstart(), quickstart());
  }

  @Test
  void vocabularyOfTheStoriesIsDerived() {
    assertEquals(512, quickstart().runs().get(0).model().vocabSize());
  }

  @Test
  void modelsShareTheStagesOfTheirData() {
    Plan plan = quickstart();
    List<PlannedStage> first = plan.runs().get(0).stages();
    List<PlannedStage> second = plan.runs().get(1).stages();
    int pretrain = first.stream().map(PlannedStage::kind).toList().indexOf("pretrain");
    assertEquals(first.subList(0, pretrain), second.subList(0, pretrain));
    assertNotEquals(first.get(pretrain), second.get(pretrain));
  }

  @ParameterizedTest
  @CsvSource({
    "seed=7, pretrain evaluate generation report",
    "training.learning_rate=1e-3, pretrain evaluate generation report",
    "training.adam_epsilon=1e-7, pretrain evaluate generation report",
    "training.weight_decay=0.2, pretrain evaluate generation report",
    "training.stop_steps=50, pretrain evaluate generation report",
    "training.save_steps=25, pretrain evaluate generation report",
    "training.valid_steps=25, pretrain evaluate generation report",
    "training.checkpoints.keep_every=100, pretrain evaluate generation report",
    "training.checkpoints.keep_best=1, pretrain evaluate generation report",
    "training.checkpoints.keep_last=5, ''",
    "training.checkpoints.async_save=false, ''",
    "training.checkpoints.mean_time_between_failures=24, ''",
    "training.random_pad_first_block=false, pretrain evaluate generation report",
    "training.precision=bf16, pretrain evaluate generation report",
    "models.block.token_decoder.expansion_ratio=1, pretrain evaluate generation report",
    "models.block.vocab_size=640, pretrain evaluate generation report",
    "evaluation.checkpoints=all, evaluate report",
    "evaluation.tasks=[], evaluate report",
    "generation.repetitions=9, generation report",
    "generation.precision=bf16, generation report",
    "dataset.json_key=story, tokenize pretrain evaluate generation report",
    "tokenizer.type=bytes, tokenize pretrain evaluate generation report",
  })
  void changedValueChangesTheKeysOfWhatItDecidesAndNoOther(String override, String kinds) {
    assertEquals(kinds, changed(quickstart(), quickstart(override)));
  }

  @Test
  void whenATrainingIsSavedDecidesNothing() {
    Plan often = quickstart("training.save_steps=7", "training.valid_steps=50");
    assertEquals("", changed(quickstart(), often));
    Plan chosen = quickstart("training.save_steps=0", "training.valid_steps=50");
    assertEquals("", changed(quickstart(), chosen));
    assertTrue(
        chosen.runs().get(0).stages().stream()
            .filter(stage -> stage.kind().equals(StageKind.PRETRAIN.id()))
            .allMatch(stage -> stage.configJson().contains("\"saveSteps\":0")),
        "but the stage is told");
  }

  @Test
  void corpusChangesEveryKey() {
    assertEquals(
        "corpus checksum_shards checksum_shards checksum_shards checksum_shards unshard checksum"
            + " tokenize pretrain evaluate generation report",
        changed(quickstart(), quickstart("dataset.stories.seed=2")));
  }

  @Test
  void keysDoNotDependOnWhereAFileIs() throws IOException {
    Plan here = text(document("a/one.txt", "once upon a time"));
    Plan there = text(document("b/two.txt", "once upon a time"));
    assertEquals("", changed(here, there));
    assertEquals(here.experimentId(), there.experimentId());
  }

  @Test
  void keysDependOnWhatAFileHoldsAndHowItIsRead() throws IOException {
    Plan text = text(document("a.txt", "{\"text\": \"once\"}"));
    assertTrue(changed(text, text(document("b.txt", "twice"))).startsWith("corpus"));
    assertTrue(
        changed(text, text(document("a.jsonl", "{\"text\": \"once\"}"))).startsWith("corpus"));
  }

  @Test
  void missingTaskFileIsLeftOutWithANote() throws IOException {
    Plan plan = text(document("a.txt", "once"));
    assertEquals(1, plan.notes().size());
    assertTrue(plan.notes().get(0).startsWith("task lambada_openai is left out: no"));
  }

  @Test
  void missingTaskFileThatMustBeThereIsNamedAtItsPlace() throws IOException {
    Path document = document("a.txt", "once");
    ConfigException e =
        assertThrows(
            ConfigException.class,
            () -> text(document, "evaluation.tasks=[{name: lost, kind: cloze, file: lost.jsonl}]"));
    assertEquals(1, e.problems().size());
    assertTrue(
        e.problems().get(0).startsWith("command line: evaluation.tasks[0].file: no lost.jsonl in"),
        e.getMessage());
  }

  @Test
  void missingDatasetFileIsNamedWithItsPath() {
    Path lost = folder.resolve("lost.txt").toAbsolutePath();
    ConfigException e = assertThrows(ConfigException.class, () -> text(lost));
    assertEquals(List.of("command line: dataset.files: no file " + lost), e.problems());
  }

  @Test
  void vocabularyTooSmallForTheTokenizerNamesBothSizes() {
    ConfigException e =
        assertThrows(
            ConfigException.class,
            () -> quickstart("models.vanilla.vocab_size=64", "tokenizer.type=bytes"));
    assertEquals(
        List.of(
            "command line: models.vanilla.vocab_size: the tokenizer has 257 tokens, more than the"
                + " model's 64; raise it, or leave it out"),
        e.problems());
  }

  @Test
  void fileOfATokenizerGivesTheVocabulary() throws IOException {
    Path tokenizer =
        document(
            "tokenizer.json",
            "{\"model\": {\"vocab\": {\"a\": 0, \"b\": 129}}, \"added_tokens\": [{\"id\": 300}]}");
    Plan plan = text(document("a.txt", "once"), "tokenizer.file=" + tokenizer);
    assertEquals(384, plan.runs().get(0).model().vocabSize());
  }

  @Test
  void tokenDatasetsReplaceTheStagesOfText() throws IOException {
    Path bin = document("d/x.bin", "ids");
    document("d/x.idx", "index");
    String prefix = bin.toString().replace(".bin", "");
    Plan plan = tokens(prefix);
    assertEquals(
        "take pretrain evaluate generation report",
        String.join(" ", plan.runs().get(1).stages().stream().map(PlannedStage::kind).toList()));
    assertEquals("pretrain evaluate generation report", changed(plan, tokens(prefix, "split=9/1")));
    Plan megatron = tokens(prefix, "sampler=megatron");
    assertEquals("pretrain evaluate generation report", changed(plan, megatron));
    String config = megatron.runs().get(1).stages().get(1).configJson();
    assertTrue(config.contains("\"padToBlockBoundary\":false"), config);

    Path moved = document("e/y.bin", "ids");
    document("e/y.idx", "index");
    assertEquals("", changed(plan, tokens(moved.toString())));
    document("e/y.idx", "other");
    assertEquals(
        "take pretrain evaluate generation report", changed(plan, tokens(moved.toString())));
  }

  @Test
  void aDigestBesideALargeFileIsBelieved() throws IOException {
    Path bin = document("d/x.bin", "ids");
    document("d/x.idx", "index");
    String digest = "ab".repeat(32);
    document("d/checksums.txt", "x.bin " + digest + "\n");
    String config = tokens(bin.toString()).runs().get(0).stages().get(0).configJson();
    assertTrue(config.contains(digest), config);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "data_path=[1, x, 2] | takes one prefix, or a weight before every prefix",
        "data_path=[x, 1] | 'x' is not a weight",
        "data_path=[1, x] | dataset.sampler=megatron makes",
        "prefixes=nowhere | no file",
        "split=x | split 'x' has the part 'x'",
        "data_file_list=nowhere | give one of prefixes, data_path and data_file_list"
      })
  void tokenDatasetsThatDoNotFitAreRefused(String override, String named) throws IOException {
    Path bin = document("d/x.bin", "ids");
    document("d/x.idx", "index");
    List<String> overrides = new ArrayList<>(List.of("dataset.source=indexed"));
    if (!override.startsWith("data_path") && !override.startsWith("prefixes")) {
      overrides.add("dataset.prefixes=" + bin);
    }
    overrides.add("dataset." + override);
    ConfigException refused =
        assertThrows(
            ConfigException.class,
            () -> Planner.plan(Experiments.load(Path.of("text.yaml"), overrides), MACHINE));
    assertTrue(refused.getMessage().contains(named), refused.getMessage());
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "3, 3", "8, 8", "21, 8"})
  void shardsAreVerifiedInPartsBeforeTheCorpusTakesThem(int shards, int parts) throws IOException {
    Plan plan = shards("here", shards);
    List<PlannedStage> stages = plan.runs().get(0).stages();
    List<PlannedStage> first = stages.subList(0, parts);
    for (int i = 0; i < parts; i++) {
      PlannedStage part = first.get(i);
      String label = parts == 1 ? "" : " %d/%d".formatted(i + 1, parts);
      assertEquals(
          "checksum_shards" + label, StageLabel.of(part.kind(), part.version(), part.configJson()));
      assertEquals(Map.of(), part.inputs());
    }
    PlannedStage corpus = stages.get(parts);
    assertEquals("corpus", corpus.kind());
    assertEquals(
        first.stream().map(PlannedStage::key).collect(Collectors.toSet()),
        Set.copyOf(corpus.inputs().values()));
    assertEquals("unshard", stages.get(parts + 1).kind());
    assertEquals(Map.of("corpus", corpus.key()), stages.get(parts + 1).inputs());
    assertEquals("", changed(plan, shards("there", shards)));
  }

  @Test
  void shardsThatTheCorpusMakesAreVerifiedAfterIt() {
    List<PlannedStage> stages = quickstart("dataset.stories.shards=3").runs().get(0).stages();
    String corpus = stages.get(0).key();
    for (int i = 1; i <= 3; i++) {
      assertEquals("checksum_shards", stages.get(i).kind());
      assertEquals(Map.of("corpus", corpus), stages.get(i).inputs());
    }
    assertEquals("unshard", stages.get(4).kind());
    assertEquals(
        Set.of("corpus", "checksum_shards_1", "checksum_shards_2", "checksum_shards_3"),
        stages.get(4).inputs().keySet());
  }

  private Plan shards(String name, int count) throws IOException {
    StringBuilder manifest = new StringBuilder("\n");
    for (int i = 0; i < count; i++) {
      manifest.append("s-%05d.txt %064d%n".formatted(i, i));
    }
    Path folder = document(name + "/checksums.txt", manifest.toString()).getParent();
    List<String> overrides = List.of("dataset.source=shards", "dataset.shards=" + folder);
    return Planner.plan(Experiments.load(Path.of("text.yaml"), overrides), MACHINE);
  }

  private static Plan tokens(String prefix, String... overrides) {
    List<String> all = new ArrayList<>(List.of("dataset.source=indexed"));
    all.add("dataset.prefixes=" + prefix);
    for (String override : overrides) {
      all.add("dataset." + override);
    }
    return Planner.plan(Experiments.load(Path.of("text.yaml"), all), MACHINE);
  }
}
