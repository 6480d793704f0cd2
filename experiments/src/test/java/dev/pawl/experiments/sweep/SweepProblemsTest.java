package dev.pawl.experiments.sweep;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pawl.experiments.ConfigException;
import dev.pawl.experiments.Experiments;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every kind of mistake in a sweep, with the exact line that names it. */
class SweepProblemsTest {
  @TempDir private Path folder;

  private List<String> problems(String sweep, String... axes) throws IOException {
    Path file = folder.resolve("e.yaml");
    Files.writeString(file, SweepTest.BASE + sweep);
    ConfigException e =
        assertThrows(
            ConfigException.class, () -> Experiments.load(file, List.of(), List.of(axes)).spec());
    return e.problems().stream().map(line -> line.replace(file.toString(), "e.yaml")).toList();
  }

  private void one(String expected, String sweep, String... axes) throws IOException {
    assertEquals(List.of(expected), problems(sweep, axes));
  }

  @Test
  void anAxisOverAnUnknownKeyNamesTheNearest() throws IOException {
    one(
        "e.yaml:14: training.learning_rat: unknown key, nearest known key: learning_rate",
        "sweep:\n  axes:\n    training.learning_rat: [1e-3, 2e-3]\n");
    one(
        "e.yaml:12: sweep: models.tow.block_length: no model 'tow' among models, nearest: two",
        "sweep: {axes: {models.tow.block_length: [4]}}");
    one(
        "e.yaml:12: sweep: model: no model 'on' among models, nearest: one",
        "sweep: {axes: {model: [one, on]}}");
    one(
        "e.yaml:12: sweep.axis: unknown key, nearest known key: axes",
        "sweep: {axis: {seed: [4]}}");
  }

  @Test
  void whatASweepCannotChangeIsSaid() throws IOException {
    one(
        "e.yaml:12: sweep: threads is no axis: a process computes with one number of threads",
        "sweep: {axes: {threads: [1, 2]}}");
    one(
        "e.yaml:12: sweep: models is no axis: the axis over models is called model, and names some"
            + " of them",
        "sweep: {axes: {models: [one]}}");
  }

  @Test
  void valuesAreCheckedAsInAFile() throws IOException {
    one(
        "e.yaml:12: training.learning_rate: -1 is out of range: 0 or more",
        "sweep: {axes: {model: [one], training.learning_rate: [1e-3, -1]}}");
    one(
        "e.yaml:12: training.num_train_steps: '12.5' is not a whole number",
        "sweep: {axes: {model: [one], training.num_train_steps: {range: {from: 10, to: 15, count:"
            + " 3}}}}");
  }

  @Test
  void emptyAxesAndUnequalListsAreRefused() throws IOException {
    one("e.yaml:12: sweep.axes.seed: has no value", "sweep: {axes: {seed: []}}");
    one("e.yaml:12: sweep.seeds: has no value", "sweep: {seeds: []}");
    one(
        "e.yaml:12: sweep.zip: the lists are of unequal lengths: seed has 2, training.learning_rate"
            + " has 3",
        "sweep: {zip: {seed: [1, 2], training.learning_rate: [1, 2, 3]}}");
  }

  @Test
  void whatExcludesNothingIsRefused() throws IOException {
    one(
        "e.yaml:12: sweep.exclude[0]: matches no point",
        "sweep: {axes: {seed: [1, 2]}, exclude: [{seed: 3}]}");
    one(
        "e.yaml:12: sweep.exclude[0]: matches no point; training.learning_rat is not swept,"
            + " nearest: training.learning_rate",
        "sweep: {axes: {training.learning_rate: [1, 2]}, exclude: [{training.learning_rat: 1}]}");
    one("e.yaml:12: sweep: no run is left", "sweep: {axes: {seed: [1]}, exclude: [{seed: 1}]}");
  }

  @Test
  void repetitionsAreNamedByTheirPlaces() throws IOException {
    one(
        "e.yaml:12: sweep.axes.training.learning_rate: 0.001 is given twice",
        "sweep: {axes: {training.learning_rate: [1e-3, 2e-3, 0.001]}}");
    one(
        "e.yaml:14: sweep.points.again: is the same as a point of the axes at e.yaml:12",
        "sweep:\n  axes: {model: [one], seed: [1, 2]}\n  points: {again: {model: one, seed: 2}}\n");
    one(
        "e.yaml:14: sweep: seed is an axis twice, first at e.yaml:13",
        "sweep:\n  axes: {seed: [1, 2]}\n  zip: {seed: [3, 4]}\n");
    one(
        "e.yaml:13: sweep: seed is an axis, and there are sweep.seeds at e.yaml:14; give one",
        "sweep:\n  axes: {seed: [1, 2]}\n  seeds: [3]\n");
  }

  @Test
  void numbersBetweenTwoAreOnlyDrawn() throws IOException {
    one(
        "e.yaml:12: sweep.axes.training.learning_rate: needs a count, or a step for a range;"
            + " without one, numbers are only drawn: sweep.sample",
        "sweep: {axes: {training.learning_rate: {log_range: {from: 1e-4, to: 1e-2}}}}");
    one(
        "e.yaml:12: sweep.axes.training.learning_rate.log_range: from 0 is not above 0",
        "sweep: {axes: {training.learning_rate: {log_range: {from: 0, to: 1e-2}}}}");
    one(
        "e.yaml:12: sweep.axes.seed.range: from 3 is not below to 1",
        "sweep: {axes: {seed: {range: {from: 3, to: 1, step: 1}}}}");
    one(
        "e.yaml:12: sweep.axes.seed.range: stop is an unknown key, nearest known key: step",
        "sweep: {axes: {seed: {range: {from: 1, to: 3, stop: 1}}}}");
  }

  @Test
  void samplesKnowHowManyPointsThereAre() throws IOException {
    one(
        "e.yaml:12: sweep.sample.count: there are only 2 different points to draw, not 3",
        "sweep: {axes: {training.learning_rate: [1, 2]}, sample: {count: 3, seed: 1}}");
    one(
        "e.yaml:12: sweep.sample: needs a count and a seed",
        "sweep: {axes: {training.learning_rate: [1, 2]}, sample: {count: 2}}");
  }

  @Test
  void settingsAreChecked() throws IOException {
    one(
        "e.yaml:12: sweep.on_failure: is 'stop', none of collect_all, fail_fast and {stop_after: N}",
        "sweep: {on_failure: stop}");
    one(
        "e.yaml:12: sweep.priority: is '6', not a whole number from 1 to 5",
        "sweep: {priority: 6}");
    one(
        "e.yaml:12: sweep.max_in_flight: is '0', not a whole number 1 or more",
        "sweep: {max_in_flight: 0}");
  }

  @Test
  void mistakesOfTheCommandLineAreItsOwn() throws IOException {
    one("command line: --sweep 'seed' is not key=value,value,...", "", "seed");
    one(
        "command line: training.learning_rat: unknown key, nearest known key: learning_rate",
        "",
        "training.learning_rat=1,2");
  }

  @Test
  void severalValuesWithoutSweepAreAnsweredWithTheOption() throws IOException {
    Path file = folder.resolve("e.yaml");
    Files.writeString(file, SweepTest.BASE);
    ConfigException e =
        assertThrows(
            ConfigException.class,
            () -> Experiments.load(file, List.of("training.learning_rate=1e-3,3e-3")));
    assertTrue(
        e.getMessage().endsWith("a run with each: --sweep training.learning_rate=1e-3,3e-3"),
        e.getMessage());
  }

  @Test
  void aProductTooLargeIsRefusedBeforeItIsMade() throws IOException {
    String many = "{range: {from: 1, to: 50000, step: 1}}";
    one(
        "e.yaml:12: sweep: these are more than 100,000 runs; sweep.sample draws some of them",
        "sweep: {axes: {seed: %s, training.valid_samples: %s}}".formatted(many, many));
  }
}
