package dev.pawl.experiments.sweep;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.pawl.experiments.yaml.Binder;
import dev.pawl.experiments.yaml.YamlNode;
import dev.pawl.experiments.yaml.YamlReader;
import dev.pawl.model.config.TrainingConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EarlyStoppingTest {
  private static final String TRAINING =
      """
      max_length: 16
      total_batch_size: 4
      num_train_steps: 81
      learning_rate: 1e-3
      save_steps: 3
      """;

  @Test
  void onlyTheFirstRungHasToBeGiven() {
    assertEquals(
        new EarlyStopping(
            StoppingMethod.ASHA, StoppingMetric.VALID_LOSS, StoppingMode.MIN, 3, 9, 0),
        spec("min_steps: 9"));
  }

  @Test
  void mistakesAreNamedWithKeyAndPlace() {
    assertEquals(
        List.of(
            "s.yaml:1: early_stopping.min_steps: is missing: Optimizer step of the first rung."),
        mistakes("mode: min"));
    assertEquals(
        List.of(
            "s.yaml:1: early_stopping.metric: 'tokens_per_second' is none of valid_loss, train_loss"),
        mistakes("metric: tokens_per_second\nmin_steps: 9"));
    assertEquals(
        List.of("s.yaml:2: early_stopping.reduction_factor: 1 is out of range: 2 or more"),
        mistakes("min_steps: 9\nreduction_factor: 1"));
    assertEquals(
        List.of(
            "s.yaml:1: early_stopping.eta: unknown key, known keys: method, metric, mode, reduction_factor, min_steps, max_steps"),
        mistakes("eta: 3\nmin_steps: 9"));
    assertEquals(
        List.of("s.yaml:1: early_stopping.method: 'hyperband' is none of asha"),
        mistakes("method: hyperband\nmin_steps: 9"));
  }

  // By hand: 1, 3, 9, 27, 81; the paper's largest k with min * eta^k <= max, and there the end.
  @ParameterizedTest
  @CsvSource({
    "1, 81, 3, '[1, 3, 9, 27, 81]', 81",
    "9, 81, 3, '[9, 27, 81]', 9",
    "10, 100, 3, '[10, 30, 100]', 9",
    "10, 89, 3, '[10, 89]', 3",
    "10, 90, 3, '[10, 30, 90]', 9",
    "10, 29, 3, '[29]', 1",
    "2, 64, 4, '[2, 8, 64]', 16"
  })
  void rungsAreMultiplesUpToTheEnd(
      long minSteps, long maxSteps, int factor, String steps, long fewest) {
    Rungs rungs = Rungs.between(minSteps, maxSteps, factor);
    assertEquals(steps, rungs.steps().toString());
    assertEquals(fewest, rungs.fewestRuns());
  }

  @Test
  void anEndWithoutBoundHasRungsToo() {
    Rungs rungs = Rungs.between(1, Long.MAX_VALUE, 2);
    assertEquals(63, rungs.steps().size());
    assertEquals(Long.MAX_VALUE, rungs.steps().get(62));
    assertEquals(1L << 62, rungs.fewestRuns());
  }

  @Test
  void whatDoesNotFitTheTrainingIsNamedWithAWayOut() {
    assertEquals(List.of(), spec("min_steps: 9").problems(training("")));
    assertEquals(List.of(), spec("min_steps: 27\nmax_steps: 81").problems(training("")));
    assertEquals(
        List.of(
            "max_steps: 27 is not the last step 81 of the training; leave it out, or end the training there with training.stop_steps=27"),
        spec("min_steps: 9\nmax_steps: 27").problems(training("")));
    assertEquals(
        List.of(), spec("min_steps: 9\nmax_steps: 27").problems(training("stop_steps: 27")));
    assertEquals(
        List.of(
            "min_steps: 30 leaves no rung below the last step 81 of the training: 27 or less, for a reduction_factor of 3"),
        spec("min_steps: 30").problems(training("")));
    assertEquals(
        List.of(
            "min_steps: 10 is not a multiple of training.valid_steps 3, so that a rung would have no valid_loss; make it one, or set training.valid_steps=10"),
        spec("min_steps: 10").problems(training("")));
    assertEquals(List.of(), spec("min_steps: 10\nmetric: train_loss").problems(training("")));
    assertEquals(
        List.of(
            "method: a clock would decide how far a run comes, and with it which runs go on: take training.early_end.max_train_minutes out"),
        spec("min_steps: 9").problems(training("early_end: {max_train_minutes: 1}")));
  }

  @Test
  void tooFewRunsAreRefused() {
    EarlyStopping spec = spec("min_steps: 3");
    Rungs rungs = spec.rungs(training(""));
    assertEquals(List.of(), spec.problems(rungs, 27));
    assertEquals(
        List.of(
            "min_steps: of 26 runs none reaches the last of the rungs [3, 9, 27, 81]: it takes 27 runs; raise min_steps or give more runs"),
        spec.problems(rungs, 26));
  }

  private static EarlyStopping spec(String yaml) {
    List<String> problems = new ArrayList<>();
    EarlyStopping spec = bind(yaml, EarlyStopping.class, "early_stopping", problems);
    assertEquals(List.of(), problems);
    assertNotNull(spec);
    return Objects.requireNonNull(spec);
  }

  private static List<String> mistakes(String yaml) {
    List<String> problems = new ArrayList<>();
    assertNull(bind(yaml, EarlyStopping.class, "early_stopping", problems));
    return problems;
  }

  private static TrainingConfig training(String more) {
    List<String> problems = new ArrayList<>();
    TrainingConfig training = bind(TRAINING + more, TrainingConfig.class, "training", problems);
    assertEquals(List.of(), problems);
    return Objects.requireNonNull(training);
  }

  private static <T> @Nullable T bind(
      String yaml, Class<T> type, String path, List<String> problems) {
    YamlNode node = YamlReader.file("s.yaml", yaml, problems);
    return new Binder(problems).bind(Objects.requireNonNull(node), type, path);
  }
}
