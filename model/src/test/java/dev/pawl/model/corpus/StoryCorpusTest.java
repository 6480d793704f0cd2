package dev.pawl.model.corpus;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pawl.model.config.StoriesConfig;
import dev.pawl.model.dataset.ShardManifest;
import dev.pawl.model.tokenizer.Tokenizer;
import dev.pawl.model.tokenizer.Tokenizers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoryCorpusTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final StoriesConfig CONFIG = new StoriesConfig(1, 40, 5, 10, 4);

  @TempDir Path folder;

  @Test
  void corpusIsAFunctionOfItsConfiguration() throws IOException {
    Path first = Files.createDirectory(folder.resolve("1"));
    Path second = Files.createDirectory(folder.resolve("2"));
    StoryCorpus.write(CONFIG, first);
    StoryCorpus.write(CONFIG, second);
    assertEquals(
        ShardManifest.ofFolder(first.resolve("shards")).digest(),
        ShardManifest.ofFolder(second.resolve("shards")).digest());
    assertArrayEquals(
        Files.readAllBytes(first.resolve("tasks/choice.jsonl")),
        Files.readAllBytes(second.resolve("tasks/choice.jsonl")));
    assertEquals(4, ShardManifest.ofFolder(first.resolve("shards")).digests().size());
  }

  @Test
  void everyStoryComesBackFromTheTokenizerWithoutAnUnknownWord() throws IOException {
    StoryCorpus.write(CONFIG, folder);
    try (Tokenizer tokenizer = Tokenizers.huggingFace(folder.resolve("tokenizer.json"))) {
      assertTrue(tokenizer.vocabularySize() <= 512);
      assertEquals(0, tokenizer.endOfText());
      for (int i = 0; i < 200; i++) {
        String text = Story.of(7, "train", i, i % 2 == 0).text();
        int[] ids = tokenizer.encode(text);
        assertEquals(text, tokenizer.decode(ids));
        assertFalse(Arrays.stream(ids).anyMatch(id -> id == 1), text);
        assertTrue(ids.length < 100, text);
      }
    }
  }

  @Test
  void sentencesHaveEightTokens() throws IOException {
    StoryCorpus.write(CONFIG, folder);
    try (Tokenizer tokenizer = Tokenizers.huggingFace(folder.resolve("tokenizer.json"))) {
      for (int i = 0; i < 50; i++) {
        for (String sentence : Story.of(7, "train", i, false).text().split("(?<=[.])", -1)) {
          assertTrue(List.of(0, 8).contains(tokenizer.encode(sentence).length), sentence);
        }
      }
    }
  }

  @Test
  void heldOutStoriesTellCombinationsThatNoTrainingStoryTells() {
    Set<String> train = new HashSet<>();
    Set<String> heldOut = new HashSet<>();
    for (int i = 0; i < 4000; i++) {
      train.add(facts(Story.of(1, "train", i, false).text()));
      heldOut.add(facts(Story.of(1, "valid", i, true).text()));
    }
    assertEquals(16 * 8 * 8 / 8, heldOut.size());
    assertTrue(Collections.disjoint(train, heldOut));
  }

  /** The words of a story that are facts, in order, each once. */
  private static String facts(String story) {
    List<String> known = new ArrayList<>(Vocabulary.NAMES);
    known.addAll(Vocabulary.PLACES);
    known.addAll(Vocabulary.OBJECTS);
    return Arrays.stream(story.split("[^A-Za-z]+", -1))
        .filter(known::contains)
        .distinct()
        .collect(Collectors.joining(" "));
  }

  @Test
  void tasksAskForAFactToldBefore() throws IOException {
    StoryCorpus.write(CONFIG, folder);
    for (String line : Files.readAllLines(folder.resolve("tasks/cloze.jsonl"))) {
      String text = JSON.readTree(line).path("text").asText().stripTrailing();
      int space = text.lastIndexOf(' ');
      assertTrue(text.substring(0, space).contains(text.substring(space)));
    }
    int[] golds = new int[4];
    for (String line : Files.readAllLines(folder.resolve("tasks/choice.jsonl"))) {
      JsonNode document = JSON.readTree(line);
      Set<String> choices = new HashSet<>();
      document.path("choices").forEach(choice -> choices.add(choice.asText()));
      assertEquals(4, choices.size());
      int gold = document.path("gold").asInt();
      String right = " " + document.path("choices").path(gold).asText();
      assertTrue(document.path("context").asText().contains(right));
      golds[gold]++;
    }
    assertTrue(Arrays.stream(golds).max().orElseThrow() < 10);
  }
}
