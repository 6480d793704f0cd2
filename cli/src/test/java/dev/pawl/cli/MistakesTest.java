package dev.pawl.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the command says to a newcomer: versions, empty homes, mistakes of use. */
class MistakesTest {
  @TempDir private Path folder;

  @Test
  void everyCommandSaysTheVersionOfTheCode() {
    String version = "pawl " + Machines.codeVersion();
    assertEquals(version, Said.pawl("--version").out().strip());
    assertEquals(version, Said.pawl("runs", "-V").out().strip());
    assertEquals(version, Said.pawl("data", "merge", "-V").out().strip());
  }

  @Test
  void homeWithoutARunIsNoFailure() throws IOException {
    String home = folder.resolve("home").toString();
    for (String command : List.of("runs", "results")) {
      Said said = Said.pawl(command, "--home", home);
      assertEquals(ExitCode.DONE, said.code(), said.err());
      assertEquals("", said.out());
      assertTrue(said.err().startsWith("no runs in " + home + " yet"), said.err());
      Said json = Said.pawl(command, "--home", home, "-o", "json");
      assertEquals(0, new ObjectMapper().readTree(json.out()).size());
      assertTrue(Said.pawl(command, "--home", home, "-o", "csv").out().contains("experiment"));
    }
    assertEquals(ExitCode.NOT_FOUND, Said.pawl("show", "x", "--home", home).code());
    assertFalse(Files.exists(Path.of(home)));
  }

  @Test
  void homeThatIsAFileIsRefused() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "x");
    Said said = Said.pawl("runs", "--home", file.toString());
    assertEquals(ExitCode.USAGE, said.code());
    assertEquals(
        "pawl: home '" + file + "' is no folder; name one with --home", said.err().strip());
  }

  @Test
  void mistakeOfUseIsSaidInThreeLines() {
    Said said = Said.pawl("data", "merge", "--output-prefix", "x");
    assertEquals(ExitCode.USAGE, said.code());
    assertEquals("", said.out());
    assertTrue(said.err().startsWith("pawl: Missing required argument"), said.err());
    assertTrue(said.err().contains("Usage: pawl data merge"), said.err());
    assertTrue(said.err().endsWith("'pawl data merge --help' explains\n"), said.err());
    Said option = Said.pawl("runs", "--hom", "x");
    assertTrue(option.err().contains("--home"), option.err());
    Said group = Said.pawl("data");
    assertEquals(ExitCode.USAGE, group.code());
    assertTrue(group.err().contains("preprocess"), group.err());
  }

  @Test
  void absentExperimentIsNotFoundAndAFolderIsNone() {
    Said absent = Said.pawl("run", folder.resolve("absent.yaml").toString());
    assertEquals(ExitCode.NOT_FOUND, absent.code(), absent.err());
    Said wrong = Said.pawl("run", folder.toString());
    assertEquals(ExitCode.USAGE, wrong.code(), wrong.err());
    assertTrue(wrong.err().contains("it is a folder"), wrong.err());
  }

  @Test
  void tokenizersAreNamedOnceAndByTheirOwnNames() {
    Said said =
        Said.pawl(
            "data", "preprocess", "--input", "a", "--output-prefix", "b", "--tokenizer-type", "x");
    assertEquals(ExitCode.USAGE, said.code());
    assertTrue(said.err().contains("'x' is none of GPT2BPETokenizer, HFTokenizer"), said.err());
  }

  @Test
  void numbersStayNumbersInJson() throws IOException {
    JsonNode first =
        new ObjectMapper().readTree(Said.pawl("model", "list", "-o", "json").out()).get(0);
    assertTrue(first.path("parameters").isIntegralNumber(), first.toString());
    assertTrue(first.path("layers_x_hidden").isTextual(), first.toString());
  }

  @Test
  void presetsAreListedByFamilyAndSize() {
    List<String> names =
        Said.pawl("model", "list", "-o", "csv")
            .out()
            .lines()
            .map(line -> line.split(",", -1)[0])
            .toList();
    assertEquals(
        List.of("vanilla_31", "vanilla_70", "vanilla_160", "vanilla_410"),
        names.subList(names.size() - 4, names.size()));
    assertTrue(names.indexOf("block_main_b4_5") < names.indexOf("block_main_b4_19"));
    assertTrue(names.indexOf("block_main_b4_800") < names.indexOf("block_main_b4_1.2b"));
  }

  @Test
  void cellsKeepTheirLineInATable() {
    String table =
        Format.table.rows(List.of("a", "b"), List.of(List.of("one\ntwo", 1), List.of("x", 22)));
    assertEquals("a         b\none two   1\nx        22\n", table);
    assertEquals(
        "a,b\r\n\"one\ntwo\",1\r\n",
        Format.csv.rows(List.of("a", "b"), List.of(List.of("one\ntwo", 1))));
  }

  @Test
  void missingFileIsSaidWithoutAClassName() {
    PrintStream err = System.err;
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    try {
      System.setErr(new PrintStream(said, true, StandardCharsets.UTF_8));
      assertEquals(ExitCode.FAILED, Failures.report(new NoSuchFileException("/a/b")));
    } finally {
      System.setErr(err);
    }
    assertTrue(
        said.toString(StandardCharsets.UTF_8).startsWith("pawl: /a/b: no such file or folder;"));
  }
}
