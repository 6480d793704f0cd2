package dev.pawl.model.tokenizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.pawl.model.failure.PawlException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenizersTest {
  @TempDir Path folder;

  @Test
  void bytesComeBack() {
    try (Tokenizer tokenizer = Tokenizers.bytes()) {
      assertEquals("Grüße, 世界\n", tokenizer.decode(tokenizer.encode("Grüße, 世界\n")));
      assertArrayEquals(new int[] {66}, tokenizer.encode("A"));
      assertEquals(257, tokenizer.vocabularySize());
    }
  }

  @Test
  void gptNeoxGivesThePublishedIds() {
    try (Tokenizer tokenizer = Tokenizers.huggingFace(TestData.gptNeox())) {
      assertArrayEquals(
          new int[] {12092, 1533, 2, 831, 310, 15204, 4480, 19946, 15},
          tokenizer.encode("Hello world! This is Block Transformer."));
      assertEquals(50277, tokenizer.vocabularySize());
      assertEquals(0, tokenizer.endOfText());
    }
  }

  @Test
  void longTextInPiecesHasTheIdsOfTheWhole() throws IOException {
    String text = Files.readString(TestData.file("tinyshakespeare.txt"));
    try (Tokenizer tokenizer = Tokenizers.huggingFace(TestData.gptNeox())) {
      int[] all = tokenizer.encode(text);
      assertEquals(text, tokenizer.decode(all));
      // The beginning is short enough for one piece, and longer than any effect of a cut.
      int[] head = tokenizer.encode(text.substring(0, 250_000));
      assertArrayEquals(Arrays.copyOf(head, head.length - 8), Arrays.copyOf(all, head.length - 8));
      int[] tail = tokenizer.encode(text.substring(text.length() - 250_000));
      assertArrayEquals(
          Arrays.copyOfRange(tail, 8, tail.length),
          Arrays.copyOfRange(all, all.length - tail.length + 8, all.length));
    }
  }

  @Test
  void fileThatIsNoTokenizerIsRefused() throws IOException {
    Path file = Files.writeString(folder.resolve("t.json"), "{}");
    assertThrows(PawlException.class, () -> Tokenizers.huggingFace(file));
  }
}
