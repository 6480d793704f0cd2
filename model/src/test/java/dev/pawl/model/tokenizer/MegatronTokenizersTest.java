package dev.pawl.model.tokenizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Megatron's kinds of tokenizers (megatron.md 2.4). */
class MegatronTokenizersTest {
  @TempDir Path folder;

  @Test
  void gpt2MergesLowestRanksFirstAndReadsTheLastMerge() throws IOException {
    // No newline behind the last merge: the reference loses it, it counts here.
    Tokenizer tokenizer = gpt2("#version: 0.2\na b\nĠ ab\nab c", "ab", "Ġab", "abc");
    assertArrayEquals(ids(tokenizer, "abc", "Ġab", "c", "a"), tokenizer.encode("abc abca"));
    assertArrayEquals(ids(tokenizer, "Ġ", "Ġab"), tokenizer.encode("  ab"));
    assertEquals("  ab c\u00e9\n", tokenizer.decode(tokenizer.encode("  ab c\u00e9\n")));
    assertArrayEquals(new int[0], tokenizer.encode(""));
  }

  @Test
  void mergesOfOneRankComeBeforePairsTheyMake() throws IOException {
    // (aa, a) ranks before (a, a): still all of "aa" are merged before it is looked at.
    Tokenizer tokenizer = gpt2("aa a\na a\n", "aa", "aaa");
    assertArrayEquals(ids(tokenizer, "aa", "aa"), tokenizer.encode("aaaa"));
    assertArrayEquals(ids(tokenizer, "aa", "aaa"), tokenizer.encode("aaaaa"));
  }

  @Test
  void endOfTextInsideTextIsOrdinaryTextForGpt2() throws IOException {
    Tokenizer tokenizer = gpt2("", "x");
    assertEquals(13, tokenizer.encode("<|endoftext|>").length);
    assertEquals(256, tokenizer.endOfText());
  }

  @Test
  void mergeOutsideTheVocabularyIsRefused() throws IOException {
    assertRefused(() -> gpt2("a b\nb c\n", "ab"), "line 2");
    assertRefused(() -> gpt2("a b\nabc\n", "ab"), "line 2");
  }

  @Test
  void gptNeoxFilesGiveTheLibrarysIds() throws IOException {
    Path file = TestData.gptNeox();
    JsonNode model = new ObjectMapper().readTree(file.toFile()).path("model");
    StringBuilder merges = new StringBuilder("#version: 0.2\n");
    model.path("merges").forEach(merge -> merges.append(merge.asText()).append('\n'));
    Path vocabulary = folder.resolve("vocab.json");
    new ObjectMapper().writeValue(vocabulary.toFile(), model.path("vocab"));
    Path mergeFile = Files.writeString(folder.resolve("merges.txt"), merges);
    try (Tokenizer here = Tokenizers.gpt2(vocabulary, mergeFile);
        Tokenizer library = Tokenizers.huggingFaceLibrary(file)) {
      for (String line : Files.readAllLines(TestData.file("lambada_test.jsonl"))) {
        // Runs of spaces are added tokens of that file, which GPT-2's files do not have.
        line = line.replaceAll(" +", " ");
        assertArrayEquals(library.encode(line), here.encode(line), line);
      }
      assertEquals(50254, here.vocabularySize());
    }
  }

  @Test
  void wordPiecesFollowTheReference() throws IOException {
    Path vocabulary =
        Files.write(
            folder.resolve("vocab.txt"),
            List.of(
                "[PAD]",
                "[UNK]",
                "[CLS]",
                "[SEP]",
                "[MASK]",
                "un",
                "##aff",
                "##able",
                "cafe",
                ",",
                "\u4e16",
                "Un",
                "\u03bf\u03c2",
                "caf\u00e9",
                "a"));
    try (Tokenizer lower = Tokenizers.bert(vocabulary, true);
        Tokenizer cased = Tokenizers.bert(vocabulary, false)) {
      assertEquals(17, lower.vocabularySize());
      assertArrayEquals(new int[] {5, 6, 7, 8, 9, 10}, lower.encode("UNaffable\tCaf\u00e9,\u4e16"));
      // A capital sigma at the end of a word becomes a final one, and format marks go.
      assertArrayEquals(new int[] {12}, lower.encode("\u039f\u03a3"));
      assertArrayEquals(new int[] {5, 6}, lower.encode("un\u200daf\u0000f"));
      assertArrayEquals(new int[] {11, 6, 13, 1}, cased.encode("Unaff caf\u00e9 Caf\u00e9"));
      assertArrayEquals(new int[] {5, 5}, lower.encode("un\u2028un"));
      assertArrayEquals(new int[] {1}, lower.encode("a".repeat(201)));
      PawlException refused = assertThrows(PawlException.class, lower::endOfText);
      assertEquals(FailureCause.CONFIG, refused.failureCause());
    }
    Path noUnknown = Files.write(folder.resolve("v.txt"), List.of("[PAD]"));
    assertRefused(() -> Tokenizers.bert(noUnknown, true), "[UNK]");
  }

  @Test
  void numbersAreIds() {
    try (Tokenizer tokenizer = Tokenizers.numbers(100)) {
      assertArrayEquals(new int[] {1, 100, 0}, tokenizer.encode(" 1\t100\n0 "));
      assertEquals(101, tokenizer.vocabularySize());
      assertEquals(100, tokenizer.endOfText());
      for (String wrong : List.of("101", "-1", "1.5", "x", "99999999999")) {
        assertRefused(() -> tokenizer.encode("5 " + wrong), wrong);
      }
    }
  }

  @Test
  void paddedSizesAreTheReferences() {
    int[][] golden = {
      {50257, 1, 50304},
      {50257, 8, 51200},
      {30524, 1, 30592},
      {30624, 1, 30720},
      {32000, 1, 32000},
      {32000, 2, 32000},
      {32000, 4, 32256},
      {32000, 8, 32768}
    };
    for (int[] row : golden) {
      assertEquals(row[2], PaddedVocabulary.size(row[0], PaddedVocabulary.DIVISIBLE_BY, row[1]));
    }
  }

  private Tokenizer gpt2(String merges, String... tokens) throws IOException {
    Map<String, Integer> ids = new LinkedHashMap<>();
    for (int b = 0; b < 256; b++) {
      ids.put(String.valueOf(ByteAlphabet.character(b)), b);
    }
    for (String token : tokens) {
      ids.putIfAbsent(token, ids.size());
    }
    ids.put("<|endoftext|>", ids.size());
    Path vocabulary = folder.resolve("vocab.json");
    new ObjectMapper().writeValue(vocabulary.toFile(), ids);
    return Tokenizers.gpt2(vocabulary, Files.writeString(folder.resolve("merges.txt"), merges));
  }

  private int[] ids(Tokenizer tokenizer, String... tokens) throws IOException {
    JsonNode ids = new ObjectMapper().readTree(folder.resolve("vocab.json").toFile());
    assertTrue(tokenizer.vocabularySize() > 256);
    return List.of(tokens).stream().mapToInt(token -> ids.path(token).intValue()).toArray();
  }

  private static void assertRefused(org.junit.jupiter.api.function.Executable action, String part) {
    PawlException refused = assertThrows(PawlException.class, action);
    assertTrue(refused.getMessage().contains(part), refused.getMessage());
  }
}
