package dev.pawl.activities.protocol;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pawl.activities.stage.TokenizeStage;
import dev.pawl.db.Database;
import dev.pawl.db.JdbcSettings;
import dev.pawl.db.Owner;
import dev.pawl.db.StageStatus;
import dev.pawl.db.TestDatabase;
import dev.pawl.experiments.TokenizerType;
import dev.pawl.model.config.StoriesConfig;
import dev.pawl.model.corpus.StoryCorpus;
import dev.pawl.model.tokenizer.Tokenizer;
import dev.pawl.model.tokenizer.Tokenizers;
import io.temporal.failure.ApplicationFailure;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The tokenize stage's files, byte for byte those of a tokenization written here (megatron.md 1.1),
 * and the same after a kill.
 */
class TokenizeStageTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static JdbcSettings settings;
  private static Database database;

  @TempDir Path home;
  @TempDir Path inputs;

  @BeforeAll
  static void open() {
    settings = TestDatabase.freshSettings();
    database = Database.open(settings);
  }

  @AfterAll
  static void close() {
    database.close();
  }

  @Test
  void linesAndHeldOutLinesBecomeTheirOwnDatasets() throws IOException {
    List<String> train = texts(3000, 1);
    List<String> valid = texts(50, 2);
    corpus("corpus.jsonl", "\n" + lines(train).replaceFirst("\n", "\n \t\n\n"));
    Files.writeString(inputs.resolve("corpus/valid.jsonl"), lines(valid));
    OneStage stage = new OneStage(database, home);

    tokenize(stage, TokenizerType.BYTES);

    try (Tokenizer tokenizer = Tokenizers.bytes()) {
      requireDataset(stage, "train", ids(train, tokenizer), train.size());
      requireDataset(stage, "valid", ids(valid, tokenizer), valid.size());
      requireDescription(stage, "BYTES", tokenizer, ids(train, tokenizer), ids(valid, tokenizer));
    }
  }

  @Test
  void lastShareOfTokensIsHeldOutAtAToken() throws IOException {
    List<String> texts = texts(500, 3);
    corpus("corpus.jsonl", lines(texts));
    OneStage stage = new OneStage(database, home);

    tokenize(stage, TokenizerType.BYTES);

    try (Tokenizer tokenizer = Tokenizers.bytes()) {
      List<int[]> train = new ArrayList<>();
      List<int[]> valid = new ArrayList<>();
      List<int[]> all = ids(texts, tokenizer);
      int tokens = all.stream().mapToInt(document -> document.length).sum();
      int left = tokens - (int) Math.round(tokens * 0.1);
      for (int[] document : all) {
        int head = Math.min(left, document.length);
        train.add(Arrays.copyOf(document, head));
        valid.add(Arrays.copyOfRange(document, head, document.length));
        left -= head;
      }
      train.removeIf(document -> document.length == 0);
      valid.removeIf(document -> document.length == 0);
      requireDataset(stage, "train", train, train.size());
      requireDataset(stage, "valid", valid, valid.size());
      requireDescription(stage, "BYTES", tokenizer, train, valid);
    }
  }

  @Test
  void plainTextIsOneDocument() throws IOException {
    String train = "One line.\r\n\nTwo wörds: {\"text\": 1}\n".repeat(20_000);
    corpus("corpus.txt", train);
    Files.writeString(inputs.resolve("corpus/valid.txt"), "held out\n");
    OneStage stage = new OneStage(database, home);

    tokenize(stage, TokenizerType.BYTES);

    try (Tokenizer tokenizer = Tokenizers.bytes()) {
      requireDataset(stage, "train", List.of(tokenizer.encode(train)), 1);
      requireDataset(stage, "valid", List.of(tokenizer.encode("held out\n")), 1);
    }
  }

  @Test
  void storiesTakeTheirOwnTokenizer() throws IOException {
    Path corpus = Files.createDirectories(inputs.resolve("corpus"));
    StoryCorpus.write(new StoriesConfig(7, 400, 60, 5, 2), corpus);
    StringBuilder whole = new StringBuilder();
    try (var shards = Files.list(corpus.resolve("shards"))) {
      for (Path shard : shards.filter(f -> f.toString().endsWith(".jsonl")).sorted().toList()) {
        whole.append(Files.readString(shard));
      }
    }
    corpus("corpus.jsonl", whole.toString());
    OneStage stage = new OneStage(database, home);

    tokenize(stage, TokenizerType.STORIES);

    try (Tokenizer tokenizer = Tokenizers.huggingFace(corpus.resolve("tokenizer.json"))) {
      List<int[]> train = ids(read(whole.toString()), tokenizer);
      List<int[]> valid = ids(read(Files.readString(corpus.resolve("valid.jsonl"))), tokenizer);
      assertEquals(400, train.size());
      requireDataset(stage, "train", train, train.size());
      requireDataset(stage, "valid", valid, valid.size());
      requireDescription(stage, "STORIES", tokenizer, train, valid);
    }
  }

  @Test
  void badRecordIsNamedAndNotRetried() throws IOException {
    corpus("corpus.jsonl", "\n" + lines(texts(3000, 4)) + "{\"txt\": \"\"}\n");
    ApplicationFailure failure =
        assertThrows(
            ApplicationFailure.class,
            () -> tokenize(new OneStage(database, home), TokenizerType.BYTES));
    assertEquals("DATA", failure.getType());
    assertTrue(failure.isNonRetryable());
    String message = failure.getOriginalMessage();
    assertTrue(message.contains("corpus.jsonl:3002: has no key 'text'; "), message);
    assertTrue(message.contains("dataset.json_key"), message);
  }

  @Test
  void killedWorkersPartitionIsNotDoneAgain() throws IOException, InterruptedException {
    List<String> train = texts(6000, 5);
    List<String> valid = texts(2000, 6);
    corpus("corpus.jsonl", lines(train));
    Files.writeString(inputs.resolve("corpus/valid.jsonl"), lines(valid));
    long bytes = Files.size(inputs.resolve("unshard/corpus.jsonl"));
    assertTrue(bytes > 4 * KilledTokenizer.PARTITION_BYTES);
    OneStage stage = new OneStage(database, home);

    List<Long> begun = new ArrayList<>();
    for (int kill = 0; kill < 3; kill++) {
      assertEquals(137, killed("tokenize.after_partition", stage.key()));
      assertEquals(StageStatus.RUNNING, stage.row().status());
      Path journal =
          home.resolve(
              "work/%s/%d/train.preprocess/journal.jsonl".formatted(stage.key(), kill + 1));
      List<String> parts = Files.readAllLines(journal);
      assertEquals(2 + kill, parts.size());
      begun.add(JSON.readTree(parts.get(parts.size() - 1)).path("bytes").asLong());
      DeadOwners.reclaim(database, Owner.ofThisProcess("test"));
    }
    List<StageProgress> heard = new ArrayList<>();
    stage.run(
        context ->
            new TokenizeStage(KilledTokenizer.PARTITION_BYTES)
                .execute(
                    KilledTokenizer.config(TokenizerType.BYTES),
                    new GivenInputs(context, inputs, heard::add)));

    assertEquals(StageProgress.of("bytes", begun.get(2), bytes), heard.get(0));
    assertTrue(begun.get(0) >= KilledTokenizer.PARTITION_BYTES);
    assertTrue(begun.get(2) >= 3 * KilledTokenizer.PARTITION_BYTES);
    assertTrue(begun.get(2) < bytes);
    assertTrue(heard.contains(StageProgress.of("bytes", bytes, bytes)));
    try (Tokenizer tokenizer = Tokenizers.bytes()) {
      requireDataset(stage, "train", ids(train, tokenizer), train.size());
      requireDataset(stage, "valid", ids(valid, tokenizer), valid.size());
    }
    assertFalse(Files.exists(home.resolve("work/" + stage.key())));
  }

  @Test
  void finishedDatasetsAreNotDoneAgain() throws IOException, InterruptedException {
    List<String> train = texts(600, 7);
    corpus("corpus.jsonl", lines(train));
    Files.writeString(inputs.resolve("corpus/valid.jsonl"), lines(texts(20, 8)));
    OneStage stage = new OneStage(database, home);
    assertEquals(137, killed("report.before_publish", stage.key()));
    DeadOwners.reclaim(database, Owner.ofThisProcess("test"));

    List<StageProgress> heard = new ArrayList<>();
    stage.run(
        context ->
            new TokenizeStage()
                .execute(
                    KilledTokenizer.config(TokenizerType.BYTES),
                    new GivenInputs(context, inputs, heard::add)));

    assertEquals(List.of(), heard);
    try (Tokenizer tokenizer = Tokenizers.bytes()) {
      requireDataset(stage, "train", ids(train, tokenizer), train.size());
    }
  }

  private void corpus(String name, String text) throws IOException {
    Files.createDirectories(inputs.resolve("corpus"));
    Path unshard = Files.createDirectories(inputs.resolve("unshard"));
    Files.writeString(unshard.resolve(name), text);
    Files.writeString(
        unshard.resolve("unshard.json"),
        JSON.createObjectNode()
            .put("file", name)
            .put("bytes", Files.size(unshard.resolve(name)))
            .put("sha256", "0".repeat(64))
            .toString());
  }

  private void tokenize(OneStage stage, TokenizerType type) {
    stage.run(
        context ->
            new TokenizeStage()
                .execute(
                    KilledTokenizer.config(type),
                    new GivenInputs(context, inputs, progress -> {})));
  }

  private int killed(String point, String key) throws IOException, InterruptedException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            "-Dpawl.chaos=kill@" + point,
            KilledTokenizer.class.getName(),
            settings.url(),
            settings.user().orElse(""),
            settings.password().orElse(""),
            home.toString(),
            key,
            inputs.toString())
        .inheritIO()
        .start()
        .waitFor();
  }

  /** Texts of which one in ten is empty. */
  private static List<String> texts(int count, long seed) {
    Random random = new Random(seed);
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String text = "wörd \"%d\" \t\u3042\ud83d\ude00\n".formatted(random.nextInt(1000));
      texts.add(text.repeat(i % 10 == 9 ? 0 : 1 + random.nextInt(6)));
    }
    return texts;
  }

  private static String lines(List<String> texts) {
    StringBuilder lines = new StringBuilder();
    for (String text : texts) {
      lines.append(JSON.createObjectNode().put("id", 1).put("text", text)).append('\n');
    }
    return lines.toString();
  }

  private static List<String> read(String lines) throws IOException {
    List<String> texts = new ArrayList<>();
    for (String line : lines.lines().toList()) {
      texts.add(JSON.readTree(line).path("text").asText());
    }
    return texts;
  }

  private static List<int[]> ids(List<String> texts, Tokenizer tokenizer) {
    return texts.stream().map(tokenizer::encode).toList();
  }

  private static void requireDataset(
      OneStage stage, String name, List<int[]> documents, int expected) throws IOException {
    assertEquals(expected, documents.size());
    List<int[]> sequences = documents.stream().filter(d -> d.length > 0).toList();
    int tokens = sequences.stream().mapToInt(d -> d.length).sum();
    ByteBuffer bin = ByteBuffer.allocate(2 * tokens).order(ByteOrder.LITTLE_ENDIAN);
    sequences.forEach(d -> Arrays.stream(d).forEach(id -> bin.putShort((short) id)));
    int entries = documents.size() + 1;
    ByteBuffer idx =
        ByteBuffer.allocate(34 + 12 * sequences.size() + 8 * entries)
            .order(ByteOrder.LITTLE_ENDIAN);
    idx.put("MMIDIDX\0\0".getBytes(StandardCharsets.US_ASCII)).putLong(1).put((byte) 8);
    idx.putLong(sequences.size()).putLong(entries);
    sequences.forEach(d -> idx.putInt(d.length));
    long at = 0;
    for (int[] sequence : sequences) {
      idx.putLong(at);
      at += 2L * sequence.length;
    }
    long before = 0;
    idx.putLong(0);
    for (int[] document : documents) {
      before += document.length > 0 ? 1 : 0;
      idx.putLong(before);
    }
    assertArrayEquals(bin.array(), Files.readAllBytes(stage.artifact().resolve(name + ".bin")));
    assertArrayEquals(idx.array(), Files.readAllBytes(stage.artifact().resolve(name + ".idx")));
  }

  private static void requireDescription(
      OneStage stage, String type, Tokenizer tokenizer, List<int[]> train, List<int[]> valid)
      throws IOException {
    JsonNode made = JSON.readTree(stage.artifact().resolve("tokenize.json").toFile());
    assertEquals(
        JSON.createObjectNode()
            .put("tokenizerType", type)
            .put("tokenizerDigest", tokenizer.digest())
            .put("vocabularySize", tokenizer.vocabularySize())
            .put("endOfText", tokenizer.endOfText())
            .put("trainDocuments", train.stream().filter(d -> d.length > 0).count())
            .put("trainTokens", train.stream().mapToLong(d -> d.length).sum())
            .put("validDocuments", valid.stream().filter(d -> d.length > 0).count())
            .put("validTokens", valid.stream().mapToLong(d -> d.length).sum())
            .toString(),
        made.toString());
  }
}
