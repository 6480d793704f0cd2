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

  private record Said(int code, String out, String err) {}

  private static Said pawl(String... arguments) {
    PrintStream out = System.out;
    PrintStream err = System.err;
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    ByteArrayOutputStream complained = new ByteArrayOutputStream();
    try {
      System.setOut(new PrintStream(said, true, StandardCharsets.UTF_8));
      System.setErr(new PrintStream(complained, true, StandardCharsets.UTF_8));
      int code = Pawl.execute(arguments);
      return new Said(
          code, said.toString(StandardCharsets.UTF_8), complained.toString(StandardCharsets.UTF_8));
    } finally {
      System.setOut(out);
      System.setErr(err);
    }
  }

  @Test
  void everyCommandSaysTheVersionOfTheCode() {
    String version = "pawl " + Machines.codeVersion();
    assertEquals(version, pawl("--version").out().strip());
    assertEquals(version, pawl("runs", "-V").out().strip());
    assertEquals(version, pawl("data", "merge", "-V").out().strip());
  }

  @Test
  void homeWithoutARunIsNoFailure() throws IOException {
    String home = folder.resolve("home").toString();
    for (String command : List.of("runs", "results")) {
      Said said = pawl(command, "--home", home);
      assertEquals(ExitCode.DONE, said.code(), said.err());
      assertEquals("", said.out());
      assertTrue(said.err().startsWith("no runs in " + home + " yet"), said.err());
      Said json = pawl(command, "--home", home, "-o", "json");
      assertEquals(0, new ObjectMapper().readTree(json.out()).size());
      assertTrue(pawl(command, "--home", home, "-o", "csv").out().contains("experiment"));
    }
    assertEquals(ExitCode.NOT_FOUND, pawl("show", "x", "--home", home).code());
    assertFalse(Files.exists(Path.of(home)));
  }

  @Test
  void homeThatIsAFileIsRefused() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "x");
    Said said = pawl("runs", "--home", file.toString());
    assertEquals(ExitCode.USAGE, said.code());
    assertEquals(
        "pawl: home '" + file + "' is no folder; name one with --home", said.err().strip());
  }

  @Test
  void mistakeOfUseIsSaidInThreeLines() {
    Said said = pawl("data", "merge", "--output-prefix", "x");
    assertEquals(ExitCode.USAGE, said.code());
    assertEquals("", said.out());
    assertTrue(said.err().startsWith("pawl: Missing required argument"), said.err());
    assertTrue(said.err().contains("Usage: pawl data merge"), said.err());
    assertTrue(said.err().endsWith("'pawl data merge --help' explains\n"), said.err());
    Said option = pawl("runs", "--hom", "x");
    assertTrue(option.err().contains("--home"), option.err());
    Said group = pawl("data");
    assertEquals(ExitCode.USAGE, group.code());
    assertTrue(group.err().contains("preprocess"), group.err());
  }

  @Test
  void absentExperimentIsNotFoundAndAFolderIsNone() {
    Said absent = pawl("run", folder.resolve("absent.yaml").toString());
    assertEquals(ExitCode.NOT_FOUND, absent.code(), absent.err());
    Said wrong = pawl("run", folder.toString());
    assertEquals(ExitCode.USAGE, wrong.code(), wrong.err());
    assertTrue(wrong.err().contains("it is a folder"), wrong.err());
  }

  @Test
  void tokenizersAreNamedOnceAndByTheirOwnNames() {
    Said said =
        pawl("data", "preprocess", "--input", "a", "--output-prefix", "b", "--tokenizer-type", "x");
    assertEquals(ExitCode.USAGE, said.code());
    assertTrue(said.err().contains("'x' is none of GPT2BPETokenizer, HFTokenizer"), said.err());
  }

  @Test
  void numbersStayNumbersInJson() throws IOException {
    JsonNode first = new ObjectMapper().readTree(pawl("model", "list", "-o", "json").out()).get(0);
    assertTrue(first.path("parameters").isIntegralNumber(), first.toString());
    assertTrue(first.path("layers_x_hidden").isTextual(), first.toString());
  }

  @Test
  void presetsAreListedByFamilyAndSize() {
    List<String> names =
        pawl("model", "list", "-o", "csv")
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
        "a,b\n\"one\ntwo\",1\n",
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
