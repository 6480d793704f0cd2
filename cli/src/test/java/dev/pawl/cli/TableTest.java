package dev.pawl.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** One table in every format, with all that the format has to say otherwise. */
class TableTest {
  private static final Table TABLE =
      new Table(
          List.of(
              Column.of("name"),
              new Column("loss", "loss [nats]"),
              new Column("acc", "acc ± se"),
              Column.of("note")),
          List.of(
              List.of(
                  Cell.of("a_1"),
                  Cell.of(2.0 / 3, "%.4f").asBest(),
                  new Cell(0.5, "0.50 ± 0.10", false),
                  Cell.of("5% & \"more\", {x} ~^\\ #1|2")),
              List.of(Cell.of("b"), Cell.of(-1.5, "%.4f"), Cell.NONE, Cell.of("one\ntwo"))));

  @Test
  void aTableIsAlignedAndPlainWhereNoTerminalIs() {
    assertEquals(
        """
        name  loss [nats]     acc ± se  note
        a_1        0.6667  0.50 ± 0.10  5% & "more", {x} ~^\\ #1|2
        b         -1.5000               one two
        """,
        TABLE.aligned(false));
    assertEquals(TABLE.aligned(false), TABLE.text(Format.table));
  }

  @Test
  void theBestIsBoldOnATerminalAndKeepsItsColumn() {
    List<String> lines = TABLE.aligned(true).lines().toList();
    assertEquals(
        "a_1        \u001b[1m0.6667\u001b[0m  0.50 ± 0.10  5% & \"more\", {x} ~^\\ #1|2",
        lines.get(1));
    assertFalse(lines.get(2).contains("\u001b"), lines.get(2));
  }

  @Test
  void csvIsThatOfTheRfc() {
    assertEquals(
        """
        name,loss,acc,note\r
        a_1,0.6666666666666666,0.5,"5% & ""more"", {x} ~^\\ #1|2"\r
        b,-1.5,,"one
        two"\r
        """,
        TABLE.text(Format.csv));
    assertEquals(
        "\"a,b\"\r\n\"\r\"\r\n",
        new Table(List.of(Column.of("a,b")), List.of(List.of(Cell.of("\r")))).text(Format.csv));
  }

  @Test
  void jsonHasEveryDigitAndNull() {
    assertEquals(
        """
        [ {
          "name" : "a_1",
          "loss" : 0.6666666666666666,
          "acc" : 0.5,
          "note" : "5% & \\"more\\", {x} ~^\\\\ #1|2"
        }, {
          "name" : "b",
          "loss" : -1.5,
          "acc" : null,
          "note" : "one\\ntwo"
        } ]
        """,
        TABLE.text(Format.json));
  }

  @Test
  void markdownMarksTheBestAndEscapes() {
    assertEquals(
        """
        | name | loss [nats] | acc ± se | note |
        |---|---:|---:|---|
        | a_1 | **0.6667** | 0.50 ± 0.10 | 5% & "more", {x} ~^\\\\ #1\\|2 |
        | b | -1.5000 |  | one two |
        """,
        TABLE.text(Format.md));
  }

  @Test
  void latexHasRulesAndNoCommandsOfTheData() {
    assertEquals(
        """
        \\begin{tabular}{lrrl}
        \\toprule
        name & loss [nats] & acc $\\pm$ se & note \\\\
        \\midrule
        a\\_1 & \\textbf{0.6667} & 0.50 $\\pm$ 0.10 & 5\\% \\& ''more'', \\{x\\} \\textasciitilde{}\\textasciicircum{}\\textbackslash{} \\#1\\textbar{}2 \\\\
        b & $-$1.5000 &  & one two \\\\
        \\bottomrule
        \\end{tabular}
        """,
        TABLE.text(Format.latex));
    String bracket =
        new Table(List.of(Column.of("x")), List.of(List.of(Cell.of("[0, 1]")))).text(Format.latex);
    assertTrue(bracket.contains("\n{}[0, 1] \\\\\n"), bracket);
  }

  @Test
  void aTableWithoutRowsHasItsHeader() {
    Table empty = new Table(List.of(Column.of("a"), Column.of("b")), List.of());
    assertEquals("a,b\r\n", empty.text(Format.csv));
    assertEquals("[ ]\n", empty.text(Format.json));
    assertEquals("| a | b |\n|---|---|\n", empty.text(Format.md));
    assertTrue(empty.text(Format.latex).startsWith("\\begin{tabular}{ll}\n"));
  }

  @Test
  void aRowOfAnotherLengthIsAMistake() {
    assertThrows(
        IllegalArgumentException.class,
        () -> new Table(List.of(Column.of("a")), List.of(List.of())));
  }

  @Test
  void theLocaleSaysWhatATerminalShows() {
    assertTrue(Terminal.unicode(Map.of("LANG", "en_US.UTF-8"), StandardCharsets.US_ASCII));
    assertTrue(Terminal.unicode(Map.of("LC_CTYPE", "C.utf8"), StandardCharsets.US_ASCII));
    assertFalse(
        Terminal.unicode(Map.of("LC_ALL", "C", "LANG", "en_US.UTF-8"), StandardCharsets.UTF_8));
    assertTrue(Terminal.unicode(Map.of(), StandardCharsets.UTF_8));
    assertFalse(Terminal.unicode(Map.of(), StandardCharsets.US_ASCII));
  }

  @Test
  void aSparklineIsAsHighAsItsValues() {
    assertEquals("█▅▁", Sparkline.of(List.of(3.0, 2.0, 1.0)));
    assertEquals("▁ █", Sparkline.of(List.of(1.0, Double.NaN, 2.0)));
    assertEquals("▁▁", Sparkline.of(List.of(1.0, 1.0)));
    assertEquals("", Sparkline.of(List.of()));
    assertEquals("", Sparkline.of(List.of(Double.POSITIVE_INFINITY)));
  }

  @Test
  void aCountHasACommaBetweenThousands() {
    for (long value : new long[] {0, 7, 999, 1000, 123_456, -999, -1000, -1_234_567, 10_000_000}) {
      assertEquals(String.format(Locale.ROOT, "%,d", value), Cell.count(value).text());
    }
  }
}
