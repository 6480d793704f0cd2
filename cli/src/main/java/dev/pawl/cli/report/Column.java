package dev.pawl.cli.report;

/**
 * The head of a table's column.
 *
 * @param number whether its cells are numbers, to be set one under the other
 */
public record Column(String title, boolean number) {
  static Column text(String title) {
    return new Column(title, false);
  }

  static Column number(String title) {
    return new Column(title, true);
  }
}
