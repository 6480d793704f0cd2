package dev.pawl.model.dataset.preprocess;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.luben.zstd.ZstdOutputStream;
import dev.pawl.model.tokenizer.Tokenizer;
import dev.pawl.model.tokenizer.Tokenizers;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What comes out: the golden files of megatron.md 1.7 and 2, the same bytes on every way. */
class PreprocessorTest {
  private static final String GOLDEN_A =
      "4d4d4944494458000001000000000000000802000000000000000400000000000000040000000200000000000000"
          + "00000000080000000000000000000000000000000100000000000000010000000000000002"
          + "00000000000000";
  private static final String GOLDEN_B =
      "4d4d49444944580000010000000000000008020000000000000002000000000000000100000002000000"
          + "000000000000000002000000000000000000000000000000"
          + "0200000000000000";

  @TempDir Path folder;

  @Test
  void documentsWithEndsAreTheGoldenBytes() throws IOException {
    write("a.jsonl", "{\"text\": \"11 12 13\"}\n{\"text\": \"\"}\n{\"text\": \"7\"}\n");
    run(request("a.jsonl").eod().make(), Tokenizers.numbers(50256));
    assertEquals("0b000c000d0050c4070050c4", hex("out_text_document.bin"));
    assertEquals(GOLDEN_A, hex("out_text_document.idx"));
  }

  @Test
  void lengthsCountTheEndOfADocument() throws IOException {
    // megatron.md 2.5: the defective writer gives lengths 3 and 1 for the same tokens.
    write("a.jsonl", "{\"text\": \"11 12 13\"}\n{\"text\": \"7\"}");
    run(request("a.jsonl").eod().make(), Tokenizers.numbers(50256));
    String index = hex("out_text_document.idx");
    assertEquals("0400000002000000", index.substring(68, 84));
    assertEquals("00000000000000000800000000000000", index.substring(84, 116));
  }

  @Test
  void listOfStringsIsSplitAlready() throws IOException {
    write("a.jsonl", "{\"text\": [\"1\", \" \", \"2 3\"], \"other\": {\"x\": [1, NaN]}}\n");
    run(request("a.jsonl").make(), Tokenizers.numbers(100));
    assertEquals("010002000300", hex("out_text_document.bin"));
    assertEquals(GOLDEN_B, hex("out_text_document.idx"));
  }

  @Test
  void textIsSplitIntoSentences() throws IOException {
    write("a.jsonl", "{\"text\": \"Hello there. Who?\"}\n");
    run(request("a.jsonl").sentences().make(), Tokenizers.bytes());
    String index = hex("out_text_sentence.idx");
    assertEquals("0c00000004000000", index.substring(68, 84));
  }

  @Test
  void largeVocabularyTakesThirtyTwoBits() throws IOException {
    write("a.jsonl", "{\"text\": \"128000 5\"}\n");
    run(request("a.jsonl").make(), Tokenizers.numbers(130_000));
    assertEquals("00f4010005000000", hex("out_text_document.bin"));
    assertEquals(62, Files.size(folder.resolve("out_text_document.idx")));
  }

  @Test
  void everyKeyIsFinishedAndLastOfTwoValuesCounts() throws IOException {
    write(
        "a.jsonl",
        "{\"b\": \"9\", \"a\": \"1\", \"b\": \"2 2\"}\r\n{\"a\": \"3\", \"b\": \"4\"}\n");
    PreprocessResult result = run(request("a.jsonl").keys("a", "b").make(), Tokenizers.numbers(10));
    assertEquals("01000300", hex("out_a_document.bin"));
    assertEquals("020002000400", hex("out_b_document.bin"));
    assertTrue(Files.exists(folder.resolve("out_a_document.idx")));
    assertTrue(Files.exists(folder.resolve("out_b_document.idx")));
    assertEquals(3, result.outputs().get(1).tokens());
  }

  @Test
  void bytesAreTheSameForAllWorkersPartitionsAndPackings() throws IOException {
    String corpus = corpus(4000);
    write("a.jsonl", corpus);
    run(request("a.jsonl").eod().make(), Tokenizers.bytes());
    byte[] bin = Files.readAllBytes(folder.resolve("out_text_document.bin"));
    byte[] idx = Files.readAllBytes(folder.resolve("out_text_document.idx"));
    try (OutputStream gz =
        new GZIPOutputStream(Files.newOutputStream(folder.resolve("a.jsonl.gz")))) {
      gz.write(corpus.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }
    int half = corpus.indexOf('\n', corpus.length() / 2) + 1;
    try (OutputStream zst =
        new ZstdOutputStream(Files.newOutputStream(folder.resolve("1.jsonl.zst")))) {
      zst.write(corpus.substring(0, half).getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }
    write("2.jsonl", corpus.substring(half));
    for (int workers : new int[] {1, 2, 5}) {
      for (long partition : new long[] {60_000, 1L << 30}) {
        for (String[] files :
            new String[][] {{"a.jsonl"}, {"a.jsonl.gz"}, {"1.jsonl.zst", "2.jsonl"}}) {
          run(
              request(files).eod().workers(workers).partition(partition).overwrite().make(),
              Tokenizers.bytes());
          assertArrayEquals(bin, Files.readAllBytes(folder.resolve("out_text_document.bin")));
          assertArrayEquals(idx, Files.readAllBytes(folder.resolve("out_text_document.idx")));
        }
      }
    }
  }

  @Test
  void onlyOutputsAndTheManifestStay() throws IOException {
    write("a.jsonl", corpus(50));
    run(request("a.jsonl").partition(1000).make(), Tokenizers.bytes());
    try (var files = Files.list(folder)) {
      assertEquals(
          List.of("a.jsonl", "out.preprocess", "out_text_document.bin", "out_text_document.idx"),
          files.map(f -> f.getFileName().toString()).sorted().toList());
    }
    try (var files = Files.list(folder.resolve("out.preprocess"))) {
      assertEquals(
          List.of("manifest.json"), files.map(f -> f.getFileName().toString()).sorted().toList());
    }
    String manifest = Files.readString(folder.resolve("out.preprocess/manifest.json"));
    assertTrue(manifest.contains("\"sentences\" : \"none\""), manifest);
    assertTrue(manifest.contains("\"tokenizerDigest\" : \"bytes-1\""), manifest);
  }

  @Test
  void badRecordsAreSkippedReportedAndCounted() throws IOException {
    write("a.jsonl", "{\"text\": \"1\"}\nnot json\n{\"text\": \"2\"}\n{\"txt\": \"3\"}\n");
    List<String> reported = new ArrayList<>();
    PreprocessListener listener =
        new PreprocessListener() {
          @Override
          public void resumed(Progress progress) {}

          @Override
          public void advanced(Progress progress) {}

          @Override
          public void skipped(BadRecord record) {
            reported.add(record.line() + ": " + record.reason());
          }
        };
    try (Tokenizer tokenizer = Tokenizers.numbers(10)) {
      PreprocessResult result =
          Preprocessor.run(request("a.jsonl").skip().partition(1).make(), tokenizer, listener);
      assertEquals(2, result.records());
      assertEquals(2, result.skipped());
    }
    assertEquals("01000200", hex("out_text_document.bin"));
    assertEquals(2, reported.size());
    assertTrue(reported.get(0).startsWith("2: not JSON"), reported.toString());
    assertEquals("4: has no key 'text'", reported.get(1));
  }

  @Test
  void longLinesAreNeverCut() throws IOException {
    String text = "x".repeat(700_000);
    write("a.jsonl", "{\"text\": \"a\"}\n{\"text\": \"" + text + "\"}\n{\"text\": \"b\"}\n");
    PreprocessResult result = run(request("a.jsonl").workers(2).make(), Tokenizers.bytes());
    assertEquals(700_002, result.outputs().get(0).tokens());
    assertEquals(3, result.records());
    assertFalse(Files.exists(folder.resolve("out.preprocess/journal.jsonl")));
  }

  static String corpus(int documents) {
    Random random = new Random(3);
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < documents; i++) {
      text.append("{\"id\": ").append(i).append(", \"text\": \"");
      for (int k = random.nextInt(60); k > 0; k--) {
        text.append(random.nextInt(8) == 0 ? "\\u00e9\\n" : "wörd ");
      }
      text.append("\"}\n");
    }
    return text.toString();
  }

  private static PreprocessResult run(PreprocessRequest request, Tokenizer tokenizer) {
    try (tokenizer) {
      return Preprocessor.run(request, tokenizer, PreprocessListener.SILENT);
    }
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(folder.resolve(name), text);
  }

  private String hex(String name) throws IOException {
    return HexFormat.of().formatHex(Files.readAllBytes(folder.resolve(name)));
  }

  private RequestBuilder request(String... files) {
    return new RequestBuilder(folder, files);
  }

  /** Requests with the defaults of the command. */
  static final class RequestBuilder {
    private final Path folder;
    private final List<Path> inputs;
    private List<String> keys = List.of("text");
    private RecordFormat format = RecordFormat.MEGATRON_LINES;
    private boolean eod;
    private Optional<SentenceSplitter> sentences = Optional.empty();
    private int workers = 1;
    private OnBadRecord onBadRecord = OnBadRecord.FAIL;
    private boolean overwrite;
    private long partition = PreprocessRequest.PARTITION_BYTES;

    RequestBuilder(Path folder, String... files) {
      this.folder = folder;
      this.inputs = List.of(files).stream().map(folder::resolve).toList();
    }

    RequestBuilder keys(String... names) {
      keys = List.of(names);
      return this;
    }

    RequestBuilder format(RecordFormat other) {
      format = other;
      return this;
    }

    RequestBuilder eod() {
      eod = true;
      return this;
    }

    RequestBuilder sentences() {
      sentences = Optional.of(new SentenceSplitter(false));
      return this;
    }

    RequestBuilder workers(int count) {
      workers = count;
      return this;
    }

    RequestBuilder skip() {
      onBadRecord = OnBadRecord.SKIP;
      return this;
    }

    RequestBuilder overwrite() {
      overwrite = true;
      return this;
    }

    RequestBuilder partition(long bytes) {
      partition = bytes;
      return this;
    }

    PreprocessRequest make() {
      return new PreprocessRequest(
          inputs,
          format,
          folder.resolve("out"),
          keys,
          eod,
          sentences,
          Optional.empty(),
          workers,
          onBadRecord,
          overwrite,
          partition);
    }
  }
}
