package dev.pawl.cli;

/**
 * A column of a table.
 *
 * @param name what programs know it by; no spaces, and the unit where there is one
 * @param heading what people read, the unit in brackets
 */
record Column(String name, String heading) {
  /** A column that is called the same by people and programs. */
  static Column of(String name) {
    return new Column(name, name);
  }
}
