package dev.pawl.model.config;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The golden bounds of megatron.md 3.4. */
class SplitTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "949,50,1 | 1000 | 0 949 999 1000",
        "949,50,1 | 997 | 0 946 996 997",
        "949,50,1 | 10 | 0 10 10 10",
        "949,50,1 | 7 | 0 7 7 7",
        "949,50,1 | 1 | 0 1 1 1",
        "969,30,1 | 100 | 0 97 100 100",
        "969/30/1 | 100 | 0 97 100 100",
        "98,2,0 | 123457 | 0 120988 123457 123457",
        "98,2 | 123457 | 0 120988 123457 123457",
        "1 | 5 | 0 5 5 5",
        "1,0,0,7 | 5 | 0 5 5 5",
      })
  void boundsAreThePublishedOnes(String split, long size, String bounds) {
    assertArrayEquals(
        Arrays.stream(bounds.split(" ", -1)).mapToLong(Long::parseLong).toArray(),
        Split.parse(split).bounds(size));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a,b", "1,-1,0", "0,0,0", "NaN,1", "1;2"})
  void whatIsNoSplitIsRefused(String text) {
    PawlException refused = assertThrows(PawlException.class, () -> Split.parse(text));
    assertEquals(FailureCause.CONFIG, refused.failureCause());
    assertTrue(refused.getMessage().contains("'" + text + "'"), refused.getMessage());
  }
}
