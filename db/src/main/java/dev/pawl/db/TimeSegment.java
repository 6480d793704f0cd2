package dev.pawl.db;

import java.util.OptionalLong;

/**
 * A stretch of an attempt's time.
 *
 * @param ordinal position among the attempt's segments, from 0
 * @param kind what was done, and for work what became of it
 * @param beganSeconds seconds after the attempt's start
 * @param endedSeconds seconds after the attempt's start
 * @param step training steps that were behind when it began; empty for work without steps
 */
public record TimeSegment(
    int ordinal, Kind kind, double beganSeconds, double endedSeconds, OptionalLong step) {
  /** What was done. */
  public enum Kind {
    /** Work whose fate is not yet known. */
    WORK,
    /** Work that nobody has to do again. */
    KEPT,
    /** Work that another attempt does again. */
    LOST,
    /** The work waited for what was done to be saved. */
    SAVING
  }
}
