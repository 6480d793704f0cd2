package dev.pawl.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.pawl.db.GoodputRow;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GoodputTextTest {
  @Test
  void aLineSaysWhereTheTimeWent() {
    assertEquals(
        "93.3 %: useful 4m10s, redone 6.2s, saving 3s, waiting 8.8s, failed 0s of 4m28s",
        GoodputText.of(new GoodputRow(250, 6.2, 3, 8.8, 0, 268)));
  }

  @Test
  void aRunThatHasJustBegunHasUsedNothing() {
    assertEquals(
        "0.0 %: useful 0s, redone 0s, saving 0s, waiting 0s, failed 0s of 0s",
        GoodputText.of(new GoodputRow(0, 0, 0, 0, 0, 0)));
  }

  @ParameterizedTest
  @CsvSource({
    "0.04, 0s",
    "0.05, 0.1s",
    "9.94, 9.9s",
    "9.96, 10s",
    "59.4, 59s",
    "59.6, 1m00s",
    "3599.4, 59m59s",
    "3599.6, 1h00m",
    "86399, 23h59m",
    "86400, 1d00h",
    "1000000, 11d13h"
  })
  void aDurationHasItsTwoLargestUnits(double seconds, String shown) {
    assertEquals(shown, GoodputText.duration(seconds));
  }
}
