package dev.pawl.model.dataset;

/** How documents stand in a file. */
public enum DocumentFormat {
  /** One JSON object a line. */
  JSON_LINES,
  /** The whole file is one document. */
  TEXT
}
