package dev.pawl.cli;

import dev.pawl.db.ResultRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** How results are printed; the names are those of the option. */
enum Format {
  table,
  json,
  csv,
  md,
  latex;

  /** What help says of the option. */
  static final String CHOICES = "table, json, csv, md or latex (${DEFAULT-VALUE}).";

  /** Results as they are shown when nothing else is asked for. */
  String results(List<ResultRow> rows) {
    return new ResultView(rows, ResultView.Options.usual(this)).text();
  }

  /** Any rows under a header; a cell that is a number stays one in JSON. */
  String rows(List<String> header, List<? extends List<?>> rows) {
    List<List<Cell>> cells = new ArrayList<>();
    for (List<?> row : rows) {
      cells.add(row.stream().map(Cell::of).toList());
    }
    return new Table(header.stream().map(Column::of).toList(), cells).text(this);
  }

  /** Whether people read it: numbers are rounded and have separators, the best ones stand out. */
  boolean forPeople() {
    return this == table || this == md || this == latex;
  }

  /** A count as a cell: with separators where people read it. */
  Object count(long value) {
    return forPeople() ? String.format(Locale.ROOT, "%,d", value) : value;
  }
}
