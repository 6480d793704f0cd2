package dev.pawl.model.config;

/** How the documents of a task lie in its file. */
public enum TaskFormat {
  /** A JSON object a line; its keys are the fields. */
  JSONL,
  /** Tab-separated values; the first line names the fields. */
  TSV,
  /** The raw WikiText file, cut at the headings of its articles; the field is {@code page}. */
  WIKITEXT,
  /** The file as a whole; the field is {@code text}. */
  TEXT
}
