package dev.pawl.model.corpus;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pawl.model.config.StoriesConfig;
import dev.pawl.model.dataset.ShardManifest;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Writes the built-in corpus: training shards with a checksum manifest, held-out stories, two tasks
 * out of the same grammar, and the tokenizer of its closed vocabulary. All of it is synthetic and a
 * pure function of the configuration.
 */
public final class StoryCorpus {
  private static final ObjectMapper JSON = new ObjectMapper();

  private StoryCorpus() {}

  /**
   * Fills an empty folder with {@code shards/}, {@code valid.jsonl}, {@code tasks/cloze.jsonl},
   * {@code tasks/choice.jsonl} and {@code tokenizer.json}.
   */
  public static void write(StoriesConfig config, Path folder) throws IOException {
    Path shards = Files.createDirectories(folder.resolve("shards"));
    for (int shard = 0; shard < config.shards(); shard++) {
      int first = (int) ((long) config.documents() * shard / config.shards());
      int end = (int) ((long) config.documents() * (shard + 1) / config.shards());
      List<ObjectNode> records = new ArrayList<>();
      for (int i = first; i < end; i++) {
        records.add(
            JSON.createObjectNode().put("text", Story.of(config.seed(), "train", i, false).text()));
      }
      String name = "stories-%05d-of-%05d.jsonl".formatted(shard, config.shards());
      lines(shards.resolve(name), records);
    }
    ShardManifest.ofFolder(shards).write(shards.resolve(ShardManifest.FILE_NAME));

    List<ObjectNode> valid = new ArrayList<>();
    for (int i = 0; i < config.validDocuments(); i++) {
      valid.add(
          JSON.createObjectNode().put("text", Story.of(config.seed(), "valid", i, true).text()));
    }
    lines(folder.resolve("valid.jsonl"), valid);

    Path tasks = Files.createDirectories(folder.resolve("tasks"));
    List<ObjectNode> cloze = new ArrayList<>();
    List<ObjectNode> choice = new ArrayList<>();
    for (int i = 0; i < config.taskDocuments(); i++) {
      Story open = Story.of(config.seed(), "cloze", i, true);
      cloze.add(JSON.createObjectNode().put("text", open.context() + " " + open.answer()));
      choice.add(choice(Story.of(config.seed(), "choice", i, true), config.seed() + i));
    }
    lines(tasks.resolve("cloze.jsonl"), cloze);
    lines(tasks.resolve("choice.jsonl"), choice);
    Files.write(folder.resolve("tokenizer.json"), StoryTokenizer.json());
  }

  private static ObjectNode choice(Story story, long seed) {
    ObjectNode record = JSON.createObjectNode().put("context", story.context());
    List<String> choices = new ArrayList<>(story.distractors());
    int gold = new SplittableRandom(seed).nextInt(choices.size() + 1);
    choices.add(gold, story.answer());
    ArrayNode array = record.putArray("choices");
    choices.forEach(array::add);
    return record.put("gold", gold);
  }

  private static void lines(Path file, List<ObjectNode> records) throws IOException {
    try (BufferedWriter writer = Files.newBufferedWriter(file)) {
      for (ObjectNode record : records) {
        writer.write(JSON.writeValueAsString(record));
        writer.write('\n');
      }
    }
  }
}
