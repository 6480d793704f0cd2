package dev.pawl.cli.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pawl.cli.DocsPages;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The page lists the metrics that there are. */
class MetricPageTest {
  private static final String HEADER =
      "| metric | kind | labels | what it says |\n|---|---|---|---|\n";

  @Test
  void thePageListsEveryMetricAsTheCodeDoes() throws Exception {
    Path page = DocsPages.of("observability.md");
    String text = Files.readString(page);
    int begin = text.indexOf(HEADER);
    assertTrue(begin >= 0, "no table in " + page);
    int end = text.indexOf("\n\n", begin) + 1;
    String right =
        HEADER
            + Arrays.stream(Metric.values())
                .map(metric -> metric.line() + "\n")
                .collect(Collectors.joining());
    if (Boolean.getBoolean("pawl.write")) {
      Files.writeString(page, text.substring(0, begin) + right + text.substring(end));
      return;
    }
    assertEquals(
        right,
        text.substring(begin, end),
        page + " is out of date: mvn -pl cli -am test -Dtest=MetricPageTest -Dpawl.write=true");
  }
}
