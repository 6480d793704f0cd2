package dev.pawl.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TemporalUiTest {
  @Test
  void thereAreLinksWhereSomebodySaidWhereThePagesAre() {
    assertEquals(Optional.empty(), TemporalUi.of(Map.of()).link("run-1"));
    assertEquals(
        Optional.of("http://localhost:8233/namespaces/default/workflows/run-1"),
        TemporalUi.of(Map.of("PAWL_TEMPORAL_UI", "http://localhost:8233/")).link("run-1"));
    assertEquals(
        Optional.of("https://t/namespaces/my%20team.a1/workflows/run-1"),
        TemporalUi.of(Map.of("PAWL_TEMPORAL_UI", "https://t", "TEMPORAL_NAMESPACE", "my team.a1"))
            .link("run-1"));
  }
}
