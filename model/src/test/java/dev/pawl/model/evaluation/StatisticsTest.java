package dev.pawl.model.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class StatisticsTest {
  @Test
  void standardErrorOfAMeanIsThatOfTheSample() {
    assertEquals(0.5, Statistics.stderr(new double[] {1, 0}), 1e-15);
    assertEquals(0, Statistics.stderr(new double[] {1}));
  }

  @Test
  void standardErrorOfPerplexityIsTheHarnesss() {
    // bootstrap_stderr of lm-evaluation-harness 0.4.1 over the same log-likelihoods.
    double[] values = {-11.502140045166016, -11.12552261352539, -11.09237003326416};
    assertEquals(8431.820998195388, Statistics.perplexityStderr(values), 1e-6);
  }
}
