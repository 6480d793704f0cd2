package dev.pawl.cli;

import dev.pawl.cli.Comparison.Row;
import dev.pawl.cli.Comparison.Section;
import dev.pawl.db.RunRow;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A comparison as it is printed. */
final class ComparisonText {
  /** As much of a digest as people compare. */
  private static final int DIGEST_LETTERS = 16;

  private final Comparison comparison;
  private final Format format;
  private final boolean all;
  private final List<String> names;

  /**
   * A text to be.
   *
   * @param all whether settings that are the same in all runs are printed too
   */
  ComparisonText(Comparison comparison, Format format, boolean all) {
    this.comparison = comparison;
    this.format = format;
    this.all = all;
    this.names = comparison.names();
  }

  String text() {
    return switch (format) {
      case json -> json();
      case csv -> csv();
      default -> sections();
    };
  }

  private String sections() {
    StringBuilder text = new StringBuilder();
    for (Section section : Section.values()) {
      List<Row> known = comparison.section(section);
      List<Row> shown = shown(section);
      text.append(text.isEmpty() ? "" : "\n").append(title(section, known.size(), shown.size()));
      if (!shown.isEmpty()) {
        text.append(table(section, shown).text(format));
      }
    }
    return text.toString();
  }

  private String title(Section section, int known, int shown) {
    String words = word(section);
    if (known == 0) {
      words += ": nothing is known";
    } else if (section == Section.CONFIGURATION && !all) {
      words +=
          shown == 0
              ? ": the same, all %,d keys".formatted(known)
              : ": %,d of %,d keys differ".formatted(shown, known);
    }
    return switch (format) {
      case md -> "### " + words + "\n\n";
      case latex -> "\\paragraph{" + Latex.escaped(words) + "}\n";
      default -> words + "\n";
    };
  }

  private static String word(Section section) {
    return section.name().toLowerCase(Locale.ROOT);
  }

  private List<Row> shown(Section section) {
    boolean onlyDifferent = section == Section.CONFIGURATION && !all;
    return comparison.section(section).stream()
        .filter(row -> !onlyDifferent || !row.same())
        // Of data, what people compare is the digest; its settings when they are not the same.
        .filter(
            row -> section != Section.DATA || all || !row.same() || row.key().endsWith(" digest"))
        .toList();
  }

  private Table table(Section section, List<Row> rows) {
    List<Column> columns = new ArrayList<>();
    columns.add(Column.of("key"));
    names.forEach(name -> columns.add(Column.of(name)));
    boolean metrics = section == Section.METRICS;
    boolean marks = section == Section.DATA || section == Section.ENVIRONMENT;
    if (metrics) {
      for (String name : names.subList(1, names.size())) {
        String of = names.size() == 2 ? "" : " " + name;
        columns.add(Column.of("difference" + of));
        columns.add(Column.of("in se" + of));
        columns.add(Column.of("ratio" + of));
      }
    }
    if (marks) {
      columns.add(Column.of("same"));
    }
    List<List<Cell>> cells = new ArrayList<>();
    for (Row row : rows) {
      List<Cell> line = new ArrayList<>();
      line.add(Cell.of(row.key()));
      for (int i = 0; i < names.size(); i++) {
        line.add(Cell.of(shown(row, i)));
      }
      for (int i = 1; metrics && i < names.size(); i++) {
        line.add(signed(row.difference(i), row.format().equals("%s") ? "%+,.0f" : sign(row)));
        line.add(signed(row.inStandardErrors(i), "%+.1f"));
        line.add(signed(row.quotient(i), "%.2fx"));
      }
      if (marks) {
        line.add(Cell.of(row.same() ? "yes" : "no"));
      }
      cells.add(line);
    }
    return new Table(columns, cells);
  }

  private static String sign(Row row) {
    return row.format().replace("%", "%+");
  }

  private static Cell signed(@Nullable Double number, String format) {
    return number == null ? Cell.NONE : Cell.of(number, format);
  }

  private static String shown(Row row, int run) {
    Object value = row.values().get(run);
    if (value == null) {
      return "";
    }
    boolean digest = row.key().endsWith("digest") || row.key().endsWith("sha256");
    if (digest && value.toString().length() > DIGEST_LETTERS) {
      return value.toString().substring(0, DIGEST_LETTERS);
    }
    if (value instanceof Long count) {
      return String.format(Locale.ROOT, "%,d", count);
    }
    if (!(value instanceof Double number) || row.format().equals("%s")) {
      return SettingKeys.shown(value);
    }
    String text = String.format(Locale.ROOT, row.format(), number);
    Double stderr = row.stderrs().get(run);
    return stderr == null
        ? text
        : text
            + " "
            + Terminal.plusMinus()
            + " "
            + String.format(Locale.ROOT, row.format(), stderr);
  }

  // One table, which is what csv can hold.
  private String csv() {
    List<Column> columns = new ArrayList<>(List.of(Column.of("section"), Column.of("key")));
    names.forEach(name -> columns.add(Column.of(name)));
    names.forEach(name -> columns.add(Column.of(name + " stderr")));
    for (String name : names.subList(1, names.size())) {
      columns.add(Column.of(name + " difference"));
      columns.add(Column.of(name + " difference_in_stderrs"));
      columns.add(Column.of(name + " ratio"));
    }
    List<List<Cell>> cells = new ArrayList<>();
    for (Section section : Section.values()) {
      for (Row row : shown(section)) {
        List<Cell> line = new ArrayList<>(List.of(Cell.of(word(section)), Cell.of(row.key())));
        row.values().forEach(value -> line.add(exact(value)));
        row.stderrs().forEach(value -> line.add(exact(value)));
        for (int i = 1; i < names.size(); i++) {
          boolean metrics = section == Section.METRICS;
          line.add(exact(metrics ? row.difference(i) : null));
          line.add(exact(metrics ? row.inStandardErrors(i) : null));
          line.add(exact(metrics ? row.quotient(i) : null));
        }
        cells.add(line);
      }
    }
    return new Table(columns, cells).text(format);
  }

  private static Cell exact(@Nullable Object value) {
    return value == null ? Cell.NONE : Cell.of(value);
  }

  private String json() {
    Map<String, Object> root = new LinkedHashMap<>();
    List<Map<String, Object>> runs = new ArrayList<>();
    for (RunRow run : comparison.runs()) {
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("id", run.id());
      one.put("experiment", run.experiment());
      one.put("run", run.name());
      one.put("status", run.status().name());
      runs.add(one);
    }
    root.put("runs", runs);
    for (Section section : Section.values()) {
      List<Map<String, Object>> rows = new ArrayList<>();
      for (Row row : shown(section)) {
        Map<String, Object> one = new LinkedHashMap<>();
        one.put("key", row.key());
        one.put("values", row.values());
        one.put("same", row.same());
        if (section == Section.METRICS) {
          one.put("stderrs", row.stderrs());
          one.put("differences", others(row::difference));
          one.put("differences_in_stderrs", others(row::inStandardErrors));
          one.put("ratios", others(row::quotient));
        }
        rows.add(one);
      }
      root.put(word(section), rows);
    }
    return JsonText.of(root);
  }

  /** A number of each run but the first. */
  @FunctionalInterface
  private interface OfRun {
    @Nullable Double number(int run);
  }

  private List<@Nullable Double> others(OfRun of) {
    List<@Nullable Double> numbers = new ArrayList<>();
    for (int i = 1; i < names.size(); i++) {
      numbers.add(of.number(i));
    }
    return numbers;
  }
}
