package dev.pawl.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pawl.model.dataset.OutputLock;
import dev.pawl.model.failure.PawlException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PreprocessCommandTest {
  @TempDir Path folder;

  @Test
  void commandMakesTheGoldenFile() throws IOException {
    write("b.jsonl", "{\"text\": \"7\"}\n");
    write("a.jsonl", "{\"text\": \"11 12 13\"}\n{\"text\": \"\"}\n");
    assertEquals(ExitCode.DONE, preprocess("--vocab-size", "50256", "--append-eod"));
    byte[] bin = Files.readAllBytes(folder.resolve("out_text_document.bin"));
    assertEquals("0b000c000d0050c4070050c4", HexFormat.of().formatHex(bin));
    assertEquals(ExitCode.BUSY, preprocess("--vocab-size", "50256", "--append-eod"));
    assertEquals(ExitCode.DONE, preprocess("--vocab-size", "50256", "--append-eod", "--overwrite"));
  }

  @Test
  void wrongArgumentsAreUsage() throws IOException {
    write("a.jsonl", "{\"text\": \"1\"}\n");
    assertEquals(ExitCode.USAGE, preprocess("--on-bad-record", "ignore"));
    assertEquals(ExitCode.USAGE, preprocess("--dataset-impl", "lazy"));
    assertEquals(ExitCode.USAGE, preprocess("--log-interval", "0"));
    assertEquals(ExitCode.USAGE, preprocess("--workers", "0"));
    assertEquals(ExitCode.USAGE, preprocess("--keep-newlines"));
    assertEquals(
        ExitCode.USAGE,
        Pawl.execute(
            "data",
            "preprocess",
            "--input",
            folder.resolve("a.jsonl").toString(),
            "--output-prefix",
            folder.resolve("out").toString(),
            "--tokenizer-type",
            "HFTokenizer"));
  }

  @Test
  void outputThatIsBeingWrittenIsBusy() throws IOException {
    write("a.jsonl", "{\"text\": \"1\"}\n");
    Path work = Files.createDirectories(folder.resolve("out.preprocess"));
    try (OutputLock held = OutputLock.take(work.resolve("out"))) {
      held.requireHeld();
      assertEquals(ExitCode.BUSY, preprocess());
    }
    assertEquals(ExitCode.DONE, preprocess());
  }

  @Test
  void badRecordFailsOrIsSkipped() throws IOException {
    write("a.jsonl", "{\"text\": \"1\"}\nno\n");
    assertEquals(ExitCode.FAILED, preprocess());
    assertEquals(ExitCode.DONE, preprocess("--on-bad-record", "skip"));
  }

  @Test
  void patternsNameFilesInOrderOfTheirNames() throws IOException {
    write("b.jsonl", "");
    write("a.jsonl", "");
    write("c.txt", "");
    String pattern = folder.resolve("*.jsonl").toString();
    assertEquals(
        List.of(folder.resolve("a.jsonl"), folder.resolve("b.jsonl")),
        InputFiles.of(List.of(pattern)));
    String twice = folder.resolve("a.jsonl").toString();
    for (List<String> wrong :
        List.of(
            List.of(pattern, twice),
            List.of(folder.resolve("*.none").toString()),
            List.of(folder.resolve("none").toString()),
            List.of(folder.toString()))) {
      PawlException refused = assertThrows(PawlException.class, () -> InputFiles.of(wrong));
      assertTrue(refused.getMessage().startsWith("input "), refused.getMessage());
    }
  }

  private int preprocess(String... more) {
    List<String> arguments =
        new java.util.ArrayList<>(
            List.of(
                "data",
                "preprocess",
                "--input",
                folder.resolve("*.jsonl").toString(),
                "--output-prefix",
                folder.resolve("out").toString(),
                "--tokenizer-type",
                "NullTokenizer"));
    arguments.addAll(List.of(more));
    return Pawl.execute(arguments.toArray(String[]::new));
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(folder.resolve(name), text);
  }
}
