package dev.pawl.db.report;

import org.jdbi.v3.core.Jdbi;

/** The queries of the report, by what they are about. Thread-safe. */
public final class ReportStores {
  private final Jdbi jdbi;

  /** Queries over an open database; {@code Database.report()} makes one. */
  public ReportStores(Jdbi jdbi) {
    this.jdbi = jdbi;
  }

  /** Runs, what they were asked to be, and their last numbers. */
  public RunSummaries runs() {
    return new RunSummaries(jdbi);
  }

  /** Metrics over the steps. */
  public Curves curves() {
    return new Curves(jdbi);
  }

  /** Scores, speeds and where the time went. */
  public Measurements measurements() {
    return new Measurements(jdbi);
  }

  /** From what, by what and on what the numbers came about, and what failed on the way. */
  public Origins origins() {
    return new Origins(jdbi);
  }
}
