package dev.pawl.model.corpus;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pawl.model.config.StoriesConfig;
import dev.pawl.model.dataset.ShardManifest;
import dev.pawl.model.evaluation.TaskDocument;
import dev.pawl.model.evaluation.TaskFiles;
import dev.pawl.model.evaluation.TaskKind;
import dev.pawl.model.tokenizer.Tokenizer;
import dev.pawl.model.tokenizer.Tokenizers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoryCorpusTest {
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
        String text = Story.of(7, "train", i).text();
        int[] ids = tokenizer.encode(text);
        assertEquals(text, tokenizer.decode(ids));
        assertFalse(Arrays.stream(ids).anyMatch(id -> id == 1), text);
        assertTrue(ids.length < 100, text);
      }
    }
  }

  @Test
  void tasksAskForAFactToldBefore() throws IOException {
    StoryCorpus.write(CONFIG, folder);
    for (TaskDocument document :
        TaskFiles.read(folder.resolve("tasks/cloze.jsonl"), TaskKind.CLOZE, 0)) {
      assertTrue(document.context().contains(document.continuations().get(0)));
    }
    int[] golds = new int[4];
    for (TaskDocument document :
        TaskFiles.read(folder.resolve("tasks/choice.jsonl"), TaskKind.CHOICE, 0)) {
      assertEquals(4, document.continuations().stream().distinct().count());
      assertTrue(document.context().contains(document.continuations().get(document.gold())));
      golds[document.gold()]++;
    }
    assertTrue(Arrays.stream(golds).max().orElseThrow() < 10);
  }
}
