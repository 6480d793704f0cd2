package dev.pawl.model.dataset.preprocess;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.luben.zstd.Zstd;
import dev.pawl.model.dataset.preprocess.PreprocessorTest.RequestBuilder;
import dev.pawl.model.failure.BusyException;
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
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is refused, with what words, and that no output appears. */
class PreprocessorRefusalsTest {
  private static final String GOOD = "{\"text\": \"1\"}\n";

  @TempDir Path folder;

  @Test
  void badRecordsAreNamedByFileAndLine() throws IOException {
    String[][] cases = {
      {"{\"text\": \"1\"", "not JSON"},
      {"", "is empty"},
      {"[\"1\"]", "is no JSON object"},
      {"{\"text\": \"1\"} {}", "goes on after its JSON object"},
      {"{\"other\": \"1\"}", "has no key 'text'"},
      {"{\"text\": 1}", "holds no string"},
      {"{\"text\": null}", "holds no string"},
      {"{\"text\": [\"1\", 2]}", "something else than strings"},
      {"{\"text\": \"\\ud800\"}", "half a surrogate pair"},
      {"{\"text\": \"x y\"}", "'x' is no token id"},
      {"\ufeff{\"text\": \"1\"}", "byte order mark"},
    };
    for (String[] row : cases) {
      Files.writeString(folder.resolve("a.jsonl"), GOOD + GOOD + row[0] + "\n" + GOOD);
      String message = refused(FailureCause.DATA, request("a.jsonl"));
      assertTrue(message.contains("a.jsonl:3: "), message);
      assertTrue(message.contains(row[1]), message);
      assertTrue(message.contains("--on-bad-record skip"), message);
    }
  }

  @Test
  void brokenUtf8IsNamedByFileLineAndByte() throws IOException {
    byte[][] wrong = {
      {(byte) 0xff}, {(byte) 0xc0, (byte) 0x80}, {(byte) 0xed, (byte) 0xa0, (byte) 0x80}
    };
    for (byte[] bytes : wrong) {
      ByteArrayOutputStream file = new ByteArrayOutputStream();
      file.writeBytes((GOOD + "{\"text\": \"").getBytes(StandardCharsets.UTF_8));
      file.writeBytes(bytes);
      file.writeBytes("\"}\n".getBytes(StandardCharsets.UTF_8));
      Files.write(folder.resolve("a.jsonl"), file.toByteArray());
      String message = refused(FailureCause.DATA, request("a.jsonl"));
      assertTrue(message.contains("a.jsonl:2: not UTF-8 at byte 11"), message);
    }
  }

  @Test
  void secondFileCountsItsOwnLines() throws IOException {
    Files.writeString(folder.resolve("a.jsonl"), GOOD.repeat(7));
    Files.writeString(folder.resolve("b.jsonl"), GOOD + "no\n");
    String message = refused(FailureCause.DATA, request("a.jsonl", "b.jsonl").partition(20));
    assertTrue(message.contains("b.jsonl:2: "), message);
  }

  @Test
  void corpusWithoutTextIsRefused() throws IOException {
    Files.writeString(folder.resolve("a.jsonl"), "");
    assertTrue(refused(FailureCause.DATA, request("a.jsonl")).contains("no document"));
    Files.writeString(folder.resolve("b.jsonl"), "{\"text\": \" \"}\n");
    assertTrue(refused(FailureCause.DATA, request("b.jsonl")).contains("no text at all"));
    Files.writeString(folder.resolve("c.jsonl"), "no\n");
    assertTrue(
        refused(FailureCause.DATA, request("c.jsonl").skip()).contains("all 1 records are bad"));
  }

  @Test
  void damagedArchivesAreRefused() throws IOException {
    ByteArrayOutputStream gz = new ByteArrayOutputStream();
    byte[] corpus = PreprocessorTest.corpus(3000).getBytes(StandardCharsets.UTF_8);
    try (GZIPOutputStream out = new GZIPOutputStream(gz)) {
      out.write(corpus);
    }
    byte[] zst = Zstd.compress(corpus);
    byte[] packed = gz.toByteArray();
    byte[] flipped = packed.clone();
    flipped[flipped.length / 2] ^= 0x10;
    Files.write(folder.resolve("cut.jsonl.gz"), Arrays.copyOf(packed, packed.length / 2));
    Files.write(folder.resolve("cut.jsonl.zst"), Arrays.copyOf(zst, zst.length / 2));
    Files.write(folder.resolve("flip.jsonl.gz"), flipped);
    Files.write(folder.resolve("plain.jsonl.gz"), corpus);
    Files.write(folder.resolve("plain.jsonl.zst"), corpus);
    for (String name :
        List.of(
            "cut.jsonl.gz",
            "cut.jsonl.zst",
            "flip.jsonl.gz",
            "plain.jsonl.gz",
            "plain.jsonl.zst")) {
      try (Tokenizer tokenizer = Tokenizers.bytes()) {
        PawlException refused =
            assertThrows(
                PawlException.class,
                () -> Preprocessor.run(request(name).make(), tokenizer, PreprocessListener.SILENT));
        assertEquals(FailureCause.DATA, refused.failureCause());
        assertTrue(refused.getMessage().contains(name), refused.getMessage());
      }
      requireNoOutput();
    }
  }

  @Test
  void requestsThatCannotBeMetAreRefused() throws IOException {
    Files.writeString(folder.resolve("a.jsonl"), GOOD);
    assertTrue(refused(FailureCause.CONFIG, request("b.jsonl")).contains("b.jsonl"));
    assertThrows(PawlException.class, () -> request("a.jsonl").workers(0).make());
    assertThrows(PawlException.class, () -> request("a.jsonl").keys("a/b").make());
    assertThrows(PawlException.class, () -> request("a.jsonl").keys("a", "a").make());
    Path vocabulary =
        Files.write(
            folder.resolve("vocab.txt"), List.of("[UNK]", "[CLS]", "[SEP]", "[PAD]", "[MASK]"));
    try (Tokenizer bert = Tokenizers.bert(vocabulary, true)) {
      PreprocessRequest eod = request("a.jsonl").eod().make();
      PawlException refused =
          assertThrows(
              PawlException.class, () -> Preprocessor.run(eod, bert, PreprocessListener.SILENT));
      assertTrue(refused.getMessage().contains("--append-eod"), refused.getMessage());
    }
  }

  @Test
  void existingOutputIsReplacedOnlyWhenAskedFor() throws IOException {
    Files.writeString(folder.resolve("a.jsonl"), GOOD);
    run(request("a.jsonl").make());
    byte[] before = Files.readAllBytes(folder.resolve("out_text_document.bin"));
    Files.writeString(folder.resolve("a.jsonl"), "{\"text\": \"2\"}\n");
    PawlException refused = assertThrows(PawlException.class, () -> run(request("a.jsonl").make()));
    assertTrue(refused.getMessage().contains("--overwrite"), refused.getMessage());
    assertEquals(1, before[0]);
    assertEquals(1, Files.readAllBytes(folder.resolve("out_text_document.bin"))[0]);
    run(request("a.jsonl").overwrite().make());
    assertEquals(2, Files.readAllBytes(folder.resolve("out_text_document.bin"))[0]);
  }

  @Test
  void sameOutputTwiceAtOnceIsRefused() throws IOException {
    Files.writeString(folder.resolve("a.jsonl"), GOOD);
    try (WorkFolder held = WorkFolder.open(request("a.jsonl").make().workFolder(), "out")) {
      assertTrue(held.parts().isEmpty());
      for (int i = 0; i < 2; i++) {
        BusyException busy =
            assertThrows(BusyException.class, () -> run(request("a.jsonl").make()));
        assertTrue(busy.getMessage().contains("out is being written by"), busy.getMessage());
      }
      requireNoOutput();
    }
    run(request("a.jsonl").make());
  }

  @Test
  void inputThatChangesIsRefused() throws IOException {
    Files.writeString(folder.resolve("a.jsonl"), GOOD);
    PreprocessListener changes =
        new PreprocessListener() {
          @Override
          public void resumed(Progress progress) {}

          @Override
          public void advanced(Progress progress) {
            try {
              Files.writeString(folder.resolve("a.jsonl"), GOOD.repeat(3));
            } catch (IOException e) {
              throw new java.io.UncheckedIOException(e);
            }
          }

          @Override
          public void skipped(BadRecord record) {}
        };
    try (Tokenizer tokenizer = Tokenizers.numbers(10)) {
      PawlException refused =
          assertThrows(
              PawlException.class,
              () -> Preprocessor.run(request("a.jsonl").make(), tokenizer, changes));
      assertTrue(refused.getMessage().contains("changed while"), refused.getMessage());
    }
    requireNoOutput();
  }

  private String refused(FailureCause cause, RequestBuilder request) {
    PawlException refused = assertThrows(PawlException.class, () -> run(request.make()));
    assertEquals(cause, refused.failureCause(), refused.getMessage());
    requireNoOutput();
    return refused.getMessage();
  }

  private void requireNoOutput() {
    for (String name : List.of("out_text_document.bin", "out_text_document.idx")) {
      assertFalse(Files.exists(folder.resolve(name)), name);
      assertFalse(Files.exists(folder.resolve(name + ".tmp")), name + ".tmp");
    }
  }

  private static void run(PreprocessRequest request) {
    try (Tokenizer tokenizer = Tokenizers.numbers(10)) {
      Preprocessor.run(request, tokenizer, PreprocessListener.SILENT);
    }
  }

  private RequestBuilder request(String... files) {
    return new RequestBuilder(folder, files);
  }
}
