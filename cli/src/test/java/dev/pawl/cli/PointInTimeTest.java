package dev.pawl.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Times as people write them. */
class PointInTimeTest {
  private static final Instant NOW = Instant.parse("2026-11-25T12:00:00Z");

  @Test
  void soLongAgo() {
    assertEquals(Optional.of(Instant.parse("2026-11-25T11:30:00Z")), PointInTime.parse("30m", NOW));
    assertEquals(Optional.of(Instant.parse("2026-11-25T00:00:00Z")), PointInTime.parse("12h", NOW));
    assertEquals(Optional.of(Instant.parse("2026-11-18T12:00:00Z")), PointInTime.parse("7d", NOW));
    assertEquals(PointInTime.parse("14d", NOW), PointInTime.parse("2w", NOW));
  }

  @Test
  void aDate() {
    assertEquals(
        Optional.of(LocalDate.of(2026, 11, 1).atStartOfDay(ZoneId.systemDefault()).toInstant()),
        PointInTime.parse("2026-11-01", NOW));
    assertEquals(
        Optional.of(Instant.parse("2026-11-01T17:30:00Z")),
        PointInTime.parse("2026-11-01T18:30:00+01:00", NOW));
    assertEquals(PointInTime.parse("2026-11-01", NOW), PointInTime.parse("2026-11-01T00:00", NOW));
  }

  @Test
  void whatIsNoTime() {
    for (String text :
        new String[] {"", "yesterday", "5", "5y", "2026-13-01", "2026-11-01T25:00"}) {
      assertEquals(Optional.empty(), PointInTime.parse(text, NOW), text);
    }
  }
}
