package dev.pawl.cli;

import dev.pawl.db.CheckpointRow;
import dev.pawl.db.Database;
import dev.pawl.db.GenerationRow;
import dev.pawl.db.GoodputRow;
import dev.pawl.db.RunRow;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Two or more runs side by side; differences are those from the first. */
final class Comparison {
  /** What a comparison consists of. */
  enum Section {
    CONFIGURATION,
    DATA,
    ENVIRONMENT,
    METRICS,
    WEIGHTS
  }

  /**
   * A value of each run.
   *
   * @param values null where a run has none
   * @param stderrs of the values; null where there is none
   * @param ratio whether dividing by the first run's value says something
   */
  record Row(
      String key,
      List<@Nullable Object> values,
      List<@Nullable Double> stderrs,
      String format,
      boolean ratio) {

    /** Whether all runs say the same. */
    boolean same() {
      return new LinkedHashSet<>(values).size() == 1;
    }

    /** A run's value less the first one's; null where one is no number. */
    @Nullable Double difference(int run) {
      return values.get(run) instanceof Number own && values.get(0) instanceof Number first
          ? own.doubleValue() - first.doubleValue()
          : null;
    }

    /** That difference in standard errors of itself, as if the two were independent. */
    @Nullable Double inStandardErrors(int run) {
      Double difference = difference(run);
      Double own = stderrs.get(run);
      Double first = stderrs.get(0);
      if (difference == null || own == null || first == null) {
        return null;
      }
      double error = Math.sqrt(own * own + first * first);
      return error > 0 ? Double.valueOf(difference / error) : null;
    }

    /** A run's value over the first one's; null where that says nothing. */
    @Nullable Double quotient(int run) {
      return ratio
              && values.get(run) instanceof Number own
              && values.get(0) instanceof Number first
              && first.doubleValue() != 0
          ? own.doubleValue() / first.doubleValue()
          : null;
    }
  }

  private static final String LOSS = "%.4f";
  private static final double MEBIBYTE = 1 << 20;

  private final List<ComparedRun> runs;
  private final Map<Section, List<Row>> sections = new LinkedHashMap<>();

  /** Reads what is known of the runs. */
  Comparison(Database database, List<RunRow> chosen) {
    this.runs = chosen.stream().map(run -> ComparedRun.read(database, run)).toList();
    sections.put(Section.CONFIGURATION, rows(ComparedRun::configuration));
    sections.put(Section.DATA, rows(ComparedRun::data));
    sections.put(Section.ENVIRONMENT, rows(ComparedRun::environment));
    sections.put(Section.METRICS, metrics());
    sections.put(Section.WEIGHTS, weights(database));
  }

  List<RunRow> runs() {
    return runs.stream().map(ComparedRun::run).toList();
  }

  /** All rows of a section, equal or not. */
  List<Row> section(Section section) {
    return List.copyOf(sections.getOrDefault(section, List.of()));
  }

  /** What each run is called: by its name, or by as much more as tells them apart. */
  List<String> names() {
    for (Function<RunRow, String> name :
        List.<Function<RunRow, String>>of(
            RunRow::name, run -> run.experiment() + "/" + run.name())) {
      List<String> names = runs().stream().map(name).toList();
      if (Set.copyOf(names).size() == names.size()) {
        return names;
      }
    }
    return runs().stream().map(run -> run.name() + " " + run.id()).toList();
  }

  private List<Row> rows(Function<ComparedRun, Map<String, Object>> part) {
    Set<String> keys = new LinkedHashSet<>();
    runs.forEach(run -> keys.addAll(part.apply(run).keySet()));
    return keys.stream()
        .map(key -> row(key, "%s", false, run -> Optional.ofNullable(part.apply(run).get(key))))
        .toList();
  }

  private Row row(
      String key, String format, boolean ratio, Function<ComparedRun, Optional<?>> value) {
    return row(key, format, ratio, value, run -> Optional.empty());
  }

  private Row row(
      String key,
      String format,
      boolean ratio,
      Function<ComparedRun, Optional<?>> value,
      Function<ComparedRun, Optional<Double>> stderr) {
    List<@Nullable Object> values = new ArrayList<>();
    List<@Nullable Double> stderrs = new ArrayList<>();
    for (ComparedRun run : runs) {
      values.add(value.apply(run).orElse(null));
      stderrs.add(stderr.apply(run).orElse(null));
    }
    return new Row(key, values, stderrs, format, ratio);
  }

  private List<Row> metrics() {
    List<Row> rows = new ArrayList<>();
    rows.add(row("status", "%s", false, run -> Optional.of(run.run().status().name())));
    rows.add(row("parameters", "%s", true, run -> Optional.of(run.run().parameters())));
    rows.add(row("steps", "%s", false, run -> run.results().steps()));
    rows.add(row("samples", "%s", false, run -> run.last().map(CheckpointRow::consumedSamples)));
    rows.add(row("train_loss [nats]", LOSS, false, run -> run.results().trainLoss()));
    rows.add(row("valid_loss [nats]", LOSS, false, run -> run.results().validLoss()));
    scores(rows);
    rows.add(row("training [tokens/s]", "%.0f", true, ComparedRun::speed));
    generation(rows);
    rows.add(row("wall time [s]", "%.1f", true, run -> run.goodput().map(GoodputRow::wall)));
    rows.add(row("useful time [s]", "%.1f", true, run -> run.goodput().map(GoodputRow::useful)));
    rows.removeIf(row -> row.values().stream().allMatch(value -> value == null));
    return rows;
  }

  private void scores(List<Row> rows) {
    Set<List<String>> metrics = new LinkedHashSet<>();
    for (ComparedRun run : runs) {
      run.results()
          .tasks()
          .forEach(
              (task, values) ->
                  values.keySet().forEach(metric -> metrics.add(List.of(task, metric))));
    }
    for (List<String> each : metrics) {
      rows.add(
          row(
              each.get(0) + "." + each.get(1),
              each.get(1).endsWith("perplexity") ? "%.2f" : LOSS,
              false,
              run -> of(run.results().tasks(), each),
              run -> of(run.results().stderrs(), each)));
    }
  }

  private static Optional<Double> of(Map<String, Map<String, Double>> tasks, List<String> name) {
    return Optional.ofNullable(tasks.getOrDefault(name.get(0), Map.of()).get(name.get(1)));
  }

  private void generation(List<Row> rows) {
    Set<String> shapes = new LinkedHashSet<>();
    runs.forEach(run -> run.results().generation().forEach(each -> shapes.add(shape(each))));
    for (String shape : shapes) {
      rows.add(
          row(
              "generation %s [tokens/s]".formatted(shape),
              "%.1f",
              true,
              run -> measured(run, shape).map(GenerationRow::tokensPerSecond)));
      rows.add(
          row(
              "generation %s [MiB]".formatted(shape),
              "%.0f",
              true,
              run -> measured(run, shape).map(each -> each.maxMemoryBytes() / MEBIBYTE)));
    }
  }

  private static String shape(GenerationRow row) {
    return "%d/%dx%d %s %s"
        .formatted(
            row.prefillLength(),
            row.decodeLength(),
            row.batchSize(),
            row.protocol(),
            row.precision());
  }

  private static Optional<GenerationRow> measured(ComparedRun run, String shape) {
    return run.results().generation().stream()
        .filter(row -> !row.oom() && shape(row).equals(shape))
        .findFirst();
  }

  private List<Row> weights(Database database) {
    ComparedRun first = runs.get(0);
    List<Row> rows = new ArrayList<>();
    rows.add(
        row("last checkpoint [step]", "%s", false, run -> run.last().map(CheckpointRow::step)));
    rows.add(row("state sha256", "%s", false, run -> run.last().map(CheckpointRow::sha256)));
    rows.add(row("bit-equal", "%s", false, run -> Optional.of(bitEqual(first, run))));
    rows.add(row("equal checkpoints up to [step]", "%s", false, run -> equalUpTo(first, run)));
    rows.add(
        row(
            "train_loss differs from [step] on",
            "%s",
            false,
            run ->
                first.trainingKey().isEmpty() || run.trainingKey().isEmpty()
                    ? Optional.empty()
                    : database
                        .metrics()
                        .firstDifference(
                            first.trainingKey().get(), run.trainingKey().get(), "train_loss")));
    rows.removeIf(row -> row.values().stream().allMatch(value -> value == null));
    return rows;
  }

  /** Whether a run ended with the bits of the first: yes, no, or unknown without a checkpoint. */
  private static String bitEqual(ComparedRun first, ComparedRun run) {
    Optional<CheckpointRow> own = run.last();
    Optional<CheckpointRow> other = first.last();
    if (own.isEmpty() || other.isEmpty()) {
      return "unknown";
    }
    // The digest is that of weights, moments and position together.
    return own.get().step() == other.get().step() && own.get().sha256().equals(other.get().sha256())
        ? "yes"
        : "no";
  }

  private static Optional<Long> equalUpTo(ComparedRun first, ComparedRun run) {
    Map<Long, String> digests = new LinkedHashMap<>();
    first.checkpoints().forEach(each -> digests.put(each.step(), each.sha256()));
    return run.checkpoints().stream()
        .filter(each -> each.sha256().equals(digests.get(each.step())))
        .map(CheckpointRow::step)
        .max(Long::compare);
  }
}
