package dev.pawl.cli.report;

import java.util.List;

/** What a section consists of. */
public sealed interface Part {
  /** A word by which the page's template tells them apart. */
  String kind();

  /** A paragraph. */
  record Paragraph(String text) implements Part {
    @Override
    public String kind() {
      return "paragraph";
    }
  }

  /** Few numbers that matter most. */
  record Cards(List<Card> cards) implements Part {
    @Override
    public String kind() {
      return "cards";
    }
  }

  /**
   * One of them.
   *
   * @param title what it is
   * @param value the number with its unit
   * @param note whose it is
   */
  record Card(String title, String value, String note) {}

  /** A table that is open. */
  record Shown(Table table) implements Part {
    @Override
    public String kind() {
      return "table";
    }
  }

  /**
   * A table that is opened by a click.
   *
   * @param bulky whether it is left out where the page is printed
   */
  record Folded(Table table, boolean bulky) implements Part {
    @Override
    public String kind() {
      return "folded";
    }
  }

  /** Plots beside each other, with the table of their numbers behind them. */
  record Plots(List<Plot> plots, Table table) implements Part {
    @Override
    public String kind() {
      return "plots";
    }
  }

  /** A command to type, or text of a file. */
  record Code(String title, String text, boolean folded) implements Part {
    @Override
    public String kind() {
      return "code";
    }
  }
}
