package dev.pawl.cli.report;

import java.util.List;

/**
 * A table; the first cell of a row is its head.
 *
 * @param caption what it is a table of
 */
public record Table(String caption, List<Column> columns, List<List<Cell>> rows) {
  public Table {
    for (List<Cell> row : rows) {
      if (row.size() != columns.size()) {
        throw new IllegalArgumentException(
            "'%s' has %d columns and a row of %d cells"
                .formatted(caption, columns.size(), row.size()));
      }
    }
  }
}
