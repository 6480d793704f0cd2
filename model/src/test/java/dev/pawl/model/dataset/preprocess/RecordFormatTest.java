package dev.pawl.model.dataset.preprocess;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pawl.model.dataset.IndexedDataset;
import dev.pawl.model.dataset.TokenType;
import dev.pawl.model.dataset.preprocess.PreprocessorTest.RequestBuilder;
import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import dev.pawl.model.tokenizer.Tokenizer;
import dev.pawl.model.tokenizer.Tokenizers;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The ways documents stand in files, and the element type that a vocabulary leads to. */
class RecordFormatTest {
  @TempDir Path folder;

  @Test
  void blankLinesAreNoDocumentsAndAreCountedAsLines() throws IOException {
    String blanks = "\n  \t\r\n\u3000 \u2003\n";
    write("a.jsonl", blanks + "{\"text\": \"1 2\"}\r\n\n{\"text\": \"\"}\n \n{\"text\": \"3\"}");
    run(documents(RecordFormat.DOCUMENT_LINES, "a.jsonl", 1), Tokenizers.numbers(10));
    try (IndexedDataset made = IndexedDataset.open(folder.resolve("made"))) {
      assertEquals(3, made.documents());
      assertArrayEquals(new int[] {1, 2, 3}, made.readSequences(0, 2));
    }

    write("b.jsonl", blanks + "{\"text\": \"1\"}\n\nno\n");
    String message = refused(documents(RecordFormat.DOCUMENT_LINES, "b.jsonl", 1));
    assertTrue(message.contains("b.jsonl:6: not JSON"), message);
    assertTrue(message.contains("dataset.json_key"), message);
    assertFalse(message.contains("--on-bad-record"), message);
  }

  @Test
  void blankLineIsBadByMegatronsRules() throws IOException {
    write("a.jsonl", "{\"text\": \"1\"}\n\n");
    String message = refused(new RequestBuilder(folder, "a.jsonl").make());
    assertTrue(message.contains("a.jsonl:2: is empty"), message);
  }

  @Test
  void documentIsOneTextAndNoList() throws IOException {
    write("a.jsonl", "{\"text\": [\"1\"]}\n");
    String message = refused(documents(RecordFormat.DOCUMENT_LINES, "a.jsonl", 1));
    assertTrue(message.contains("a.jsonl:1: key 'text' holds no string;"), message);
  }

  @Test
  void keyOfDocumentsMakesNoFileName() throws IOException {
    write("a.jsonl", "{\"a/b\": \"4\"}\n");
    run(
        PreprocessRequest.documents(
            folder.resolve("a.jsonl"),
            RecordFormat.DOCUMENT_LINES,
            folder.resolve("made"),
            "a/b",
            TokenType.INT32,
            1,
            1),
        Tokenizers.numbers(10));
    assertArrayEquals(new byte[] {4, 0, 0, 0}, Files.readAllBytes(folder.resolve("made.bin")));
  }

  @Test
  void wholeFileIsOneDocumentHoweverManyLinesItHas() throws IOException {
    String text = "\ufeffline wörd\r\n\n".repeat(60_000);
    write("a.txt", text);
    for (long partition : new long[] {1, PreprocessRequest.PARTITION_BYTES}) {
      run(documents(RecordFormat.WHOLE_FILES, "a.txt", partition), Tokenizers.bytes());
      try (IndexedDataset made = IndexedDataset.open(folder.resolve("made"));
          Tokenizer bytes = Tokenizers.bytes()) {
        assertEquals(1, made.documents());
        assertArrayEquals(bytes.encode(text), made.readSequences(0, 1));
      }
    }
  }

  @Test
  void badTextIsNamedByFileAndLine() throws IOException {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    file.writeBytes("one\ntwo\nabc".getBytes(StandardCharsets.UTF_8));
    file.write(0xff);
    file.writeBytes("\nfour".getBytes(StandardCharsets.UTF_8));
    Files.write(folder.resolve("a.txt"), file.toByteArray());
    String message = refused(documents(RecordFormat.WHOLE_FILES, "a.txt", 1));
    assertTrue(message.contains("a.txt:3: not UTF-8 at byte 4; convert"), message);

    write("b.txt", "");
    assertTrue(
        refused(documents(RecordFormat.WHOLE_FILES, "b.txt", 1)).contains("b.txt: no document"));
    write("c.txt", "  ");
    assertTrue(refused(documents(RecordFormat.WHOLE_FILES, "c.txt", 1)).contains("no text at all"));
  }

  @Test
  void elementTypeFollowsTheVocabularyWithoutAddedTokens() throws IOException {
    write("a.jsonl", "{\"text\": \"65498 65499 65535\"}\n");
    PreprocessRequest request = new RequestBuilder(folder, "a.jsonl").overwrite().make();
    Path output = folder.resolve("out_text_document");

    run(request, new Grown(65_499, 65_536));
    assertEquals(TokenType.UINT16, type(output));
    run(request, new Grown(65_500, 65_536));
    assertEquals(TokenType.INT32, type(output));
    // An added token that 16 bits do not hold.
    run(request, new Grown(65_499, 65_537));
    assertEquals(TokenType.INT32, type(output));
  }

  private TokenType type(Path prefix) throws IOException {
    try (IndexedDataset made = IndexedDataset.open(prefix)) {
      assertArrayEquals(new int[] {65_498, 65_499, 65_535}, made.readSequences(0, 1));
      return made.type();
    }
  }

  private PreprocessRequest documents(RecordFormat format, String file, long partitionBytes) {
    return PreprocessRequest.documents(
        folder.resolve(file),
        format,
        folder.resolve("made"),
        "text",
        TokenType.UINT16,
        2,
        partitionBytes);
  }

  private String refused(PreprocessRequest request) {
    PawlException refused =
        assertThrows(PawlException.class, () -> run(request, Tokenizers.numbers(10)));
    assertEquals(FailureCause.DATA, refused.failureCause(), refused.getMessage());
    return refused.getMessage();
  }

  private static void run(PreprocessRequest request, Tokenizer tokenizer) {
    try (tokenizer) {
      Preprocessor.run(request, tokenizer, PreprocessListener.SILENT);
    }
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(folder.resolve(name), text);
  }

  /** Numbers as ids, some of them added to the vocabulary later. */
  private record Grown(int baseVocabularySize, int vocabularySize) implements Tokenizer {
    @Override
    public int[] encode(String text) {
      return Arrays.stream(text.split(" ", -1)).mapToInt(Integer::parseInt).toArray();
    }

    @Override
    public String decode(int[] ids) {
      return String.join(" ", IntStream.of(ids).mapToObj(String::valueOf).toList());
    }

    @Override
    public int endOfText() {
      return 0;
    }

    @Override
    public String digest() {
      return "grown-%d-%d".formatted(baseVocabularySize, vocabularySize);
    }

    @Override
    public void close() {}
  }
}
