package dev.pawl.experiments.plan;

import java.util.Locale;

/** The stages of a run. The version rises when the same configuration would give other results. */
public enum StageKind {
  CORPUS(2),
  CHECKSUM_SHARDS(2),
  UNSHARD(2),
  CHECKSUM(1),
  TOKENIZE(1),
  TAKE(1),
  PRETRAIN(5),
  EVALUATE(2),
  GENERATION(2),
  REPORT(1);

  private final int version;

  StageKind(int version) {
    this.version = version;
  }

  /** The name in the record: lower-case. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  public int version() {
    return version;
  }

  /** Whether the result is a time, so that nothing may run beside it. */
  public boolean measures() {
    return this == GENERATION;
  }

  /** The kind of a name. */
  public static StageKind of(String id) {
    return valueOf(id.toUpperCase(Locale.ROOT));
  }
}
