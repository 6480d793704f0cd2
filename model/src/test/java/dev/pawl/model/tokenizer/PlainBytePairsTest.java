package dev.pawl.model.tokenizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Byte pairs merged here and by the library: always the same ids. */
class PlainBytePairsTest {
  private static final String[] PARTS = {
    " ",
    "  ",
    "\n",
    "\t",
    "\r\n",
    "\u00a0",
    "\u2003",
    "\u001c",
    "\u0085",
    "'s",
    "'ll",
    "'",
    "don't",
    "é",
    "e\u0301",
    "Ω",
    "ß",
    "世界",
    "नमस्ते",
    "١٢٣",
    "½",
    "😀",
    "👩‍👩‍👧",
    "\u0000",
    "<|endoftext|>",
    "<|padding|>",
    "<|endof",
    "word",
    "Word",
    "1234",
    "...",
    "_",
    "--",
    "\ud83d\ude00",
    "\u1e9b\u0323",
    "                        ",
    "   ",
    "ﬁ",
    "\u0958",
    "각",
    "\u1100\u1161",
    "\u0378"
  };

  @Test
  void realTextHasTheLibrarysIds() throws IOException {
    try (Tokenizer here = Tokenizers.huggingFace(TestData.gptNeox());
        Tokenizer library = Tokenizers.huggingFaceLibrary(TestData.gptNeox())) {
      for (String name : new String[] {"wikitext2-valid.txt", "tinyshakespeare.txt"}) {
        String text = Files.readString(TestData.file(name));
        assertArrayEquals(library.encode(text), here.encode(text), name);
      }
      for (String line : Files.readAllLines(TestData.file("lambada_test.jsonl"))) {
        assertArrayEquals(library.encode(line), here.encode(line), line);
      }
    }
  }

  @Test
  void tokenizerInUseIsMergedHere() throws IOException {
    ObjectNode json = (ObjectNode) new ObjectMapper().readTree(TestData.gptNeox().toFile());
    PlainBytePairs plain = PlainBytePairs.of(json).orElseThrow();
    assertTrue(plain.encode("Hello world").isPresent());
    assertFalse(plain.encode("not in this Java's Unicode: \u0378").isPresent());
    json.putObject("normalizer").put("type", "Lowercase");
    assertFalse(PlainBytePairs.of(json).isPresent());
  }

  @Test
  void strangeTextHasTheLibrarysIds() {
    Random random = new Random(7);
    try (Tokenizer here = Tokenizers.huggingFace(TestData.gptNeox());
        Tokenizer library = Tokenizers.huggingFaceLibrary(TestData.gptNeox())) {
      for (int i = 0; i < 20_000; i++) {
        StringBuilder text = new StringBuilder();
        for (int k = random.nextInt(12); k >= 0; k--) {
          if (random.nextInt(4) == 0) {
            int c = random.nextInt(random.nextBoolean() ? 0x3000 : 0x20000);
            text.appendCodePoint(c >= 0xd800 && c < 0xe000 ? 'x' : c);
          } else {
            text.append(PARTS[random.nextInt(PARTS.length)]);
          }
        }
        assertArrayEquals(
            library.encode(text.toString()), here.encode(text.toString()), escaped(text));
      }
    }
  }

  @Test
  void longPieceIsMergedInTime() {
    try (Tokenizer here = Tokenizers.huggingFace(TestData.gptNeox())) {
      String word = "abcdefghij".repeat(100_000);
      int[] ids = here.encode(word);
      assertEquals(word, here.decode(ids));
    }
  }

  private static String escaped(CharSequence text) {
    StringBuilder out = new StringBuilder();
    text.chars().forEach(c -> out.append(String.format("\\u%04x", c)));
    return out.toString();
  }
}
