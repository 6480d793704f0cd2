package dev.pawl.model.dataset.preprocess;

/** How documents stand in input files, and what counts as a bad one. */
public enum RecordFormat {
  /**
   * JSON lines by Megatron's rules (megatron.md 2.2): every line is a record, a blank one a bad
   * one; a value is a string, or a list of strings that is split into sentences already.
   */
  MEGATRON_LINES("mend the record, or leave such out with --on-bad-record skip"),

  /** JSON lines of one text each; lines of nothing but white space are no records. */
  DOCUMENT_LINES("mend the record, or set dataset.json_key to the key that holds the text"),

  /** A whole file is one document. */
  WHOLE_FILES("convert the file to UTF-8 first");

  private final String remedy;

  RecordFormat(String remedy) {
    this.remedy = remedy;
  }

  /** What a human does about a bad record. */
  String remedy() {
    return remedy;
  }
}
