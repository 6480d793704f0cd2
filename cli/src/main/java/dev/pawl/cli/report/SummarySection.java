package dev.pawl.cli.report;

import dev.pawl.cli.Better;
import dev.pawl.cli.GoodputText;
import dev.pawl.cli.SettingKeys;
import dev.pawl.db.RunStatus;
import dev.pawl.db.report.RunSummary;
import dev.pawl.db.report.RunTime;
import dev.pawl.db.report.Score;
import dev.pawl.db.report.Speed;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The runs with their last numbers, the best of them, and in what they differ. */
final class SummarySection {
  private final ReportData data;
  private final Runs runs;

  private SummarySection(ReportData data) {
    this.data = data;
    this.runs = data.runs();
  }

  static Section of(ReportData data) {
    SummarySection summary = new SummarySection(data);
    List<Part> parts = new ArrayList<>();
    parts.add(new Part.Paragraph(summary.scope()));
    parts.add(new Part.Cards(summary.cards()));
    parts.add(new Part.Shown(summary.table()));
    parts.add(
        new Part.Paragraph(
            "Losses in nats a predicted token: train_loss of the last step, valid_loss the mean over"
                + " held-out samples. Tokens are those read in training, K, M and B a thousand, a"
                + " million and a billion of them. A star and bold print mark the best of a column."));
    parts.addAll(DifferencesTable.of(data.runs()));
    return new Section("summary", "Summary", parts);
  }

  private String scope() {
    Map<RunStatus, Integer> states = new EnumMap<>(RunStatus.class);
    runs.all().forEach(run -> states.merge(run.status(), 1, Integer::sum));
    String words =
        states.entrySet().stream()
            .map(
                each ->
                    Words.whole(each.getValue())
                        + " "
                        + each.getKey().name().toLowerCase(Locale.ROOT).replace('_', ' '))
            .collect(Collectors.joining(", "));
    Set<String> experiments =
        runs.all().stream()
            .map(RunSummary::experimentId)
            .collect(Collectors.toCollection(TreeSet::new));
    String of =
        experiments.size() == 1
            ? "experiment %s (%s)"
                .formatted(runs.all().get(0).experiment(), runs.all().get(0).experimentId())
            : "%d experiments".formatted(experiments.size());
    String left =
        data.total() > runs.all().size()
            ? " These are the newest %s of %s runs; name an experiment to see its runs."
                .formatted(Words.whole(runs.all().size()), Words.whole(data.total()))
            : "";
    return "%s %s of %s: %s.%s"
        .formatted(
            Words.whole(runs.all().size()),
            runs.all().size() == 1 ? "run" : "runs",
            of,
            words,
            left);
  }

  private List<Part.Card> cards() {
    List<Part.Card> cards = new ArrayList<>();
    runs.byLoss().stream()
        .findFirst()
        .ifPresent(
            run ->
                Runs.metric(run, ReportData.VALID_LOSS)
                    .ifPresent(
                        loss ->
                            cards.add(
                                new Part.Card(
                                    "Least validation loss",
                                    Words.loss(loss) + " nats",
                                    runs.label(run)))));
    bestScore().ifPresent(cards::add);
    fastest("decode-heavy").ifPresent(cards::add);
    fastest("prefill-heavy").ifPresent(cards::add);
    double wall = data.times().stream().mapToDouble(each -> each.time().wall()).sum();
    if (wall > 0) {
      double useful = data.times().stream().mapToDouble(each -> each.time().useful()).sum();
      cards.add(
          new Part.Card(
              "Goodput", Words.percent(useful / wall), "of " + GoodputText.duration(wall)));
    }
    return cards;
  }

  /** The best score of the task that most runs have; the first such by name. */
  private Optional<Part.Card> bestScore() {
    Map<String, List<Score>> byMetric = new LinkedHashMap<>();
    for (Score score : data.scores()) {
      byMetric
          .computeIfAbsent(score.task() + " " + score.metric(), key -> new ArrayList<>())
          .add(score);
    }
    return byMetric.entrySet().stream()
        .max(Comparator.comparingInt(each -> each.getValue().size()))
        .map(
            each -> {
              boolean less = Better.ofMetric(each.getValue().get(0).metric()) == Better.LOWER;
              Comparator<Score> order = Comparator.comparingDouble(Score::value);
              Score best =
                  each.getValue().stream().max(less ? order.reversed() : order).orElseThrow();
              List<String> alike =
                  each.getValue().stream()
                      .filter(score -> score.value() == best.value())
                      .map(score -> runs.label(score.runId()))
                      .toList();
              String error =
                  best.stderr().isPresent() ? " ± " + Words.loss(best.stderr().getAsDouble()) : "";
              return new Part.Card(
                  "Best " + each.getKey(),
                  Words.loss(best.value()) + error,
                  alike.size() <= 2 ? String.join(" and ", alike) : alike.size() + " runs");
            });
  }

  private Optional<Part.Card> fastest(String emphasis) {
    return data.speeds().stream()
        .filter(row -> Words.emphasis(row).equals(emphasis))
        .max(Comparator.comparingDouble(Speed::tokensPerSecond))
        .map(
            row ->
                new Part.Card(
                    "Fastest, " + emphasis,
                    Words.rate(row.tokensPerSecond()) + " tokens/s",
                    "%s, %d/%d × %d"
                        .formatted(
                            runs.label(row.runId()),
                            row.prefillLength(),
                            row.decodeLength(),
                            row.batchSize())));
  }

  private Table table() {
    boolean unfinished = runs.all().stream().anyMatch(run -> run.status() != RunStatus.DONE);
    List<String> points =
        runs.all().stream()
            .flatMap(run -> runs.differences().point(run).keySet().stream())
            .distinct()
            .filter(this::differs)
            .toList();
    boolean seeds =
        runs.differences().keys().contains(Differences.SEED) && !points.contains(Differences.SEED);
    Map<String, RunTime> times =
        data.times().stream()
            .collect(Collectors.toMap(RunTime::runId, each -> each, (one, same) -> one));
    OptionalDouble bestTrain = best(ReportData.TRAIN_LOSS);
    OptionalDouble bestValid = best(ReportData.VALID_LOSS);
    OptionalDouble fastest = Best.of(runs.all().stream().map(this::speed).toList(), Better.HIGHER);

    List<Column> columns = new ArrayList<>(List.of(Column.text("run")));
    if (unfinished) {
      columns.add(Column.text("status"));
    }
    columns.add(Column.number("parameters"));
    if (seeds) {
      columns.add(Column.number(Differences.SEED));
    }
    Map<String, String> names = SettingKeys.shortest(points);
    points.forEach(key -> columns.add(Column.number(names.getOrDefault(key, key))));
    columns.addAll(
        List.of(
            Column.number("steps"),
            Column.number("tokens"),
            Column.number("train_loss"),
            Column.number("valid_loss"),
            Column.number("training tokens/s"),
            Column.number("peak memory"),
            Column.number("wall time")));
    List<List<Cell>> rows = new ArrayList<>();
    for (RunSummary run : runs.all()) {
      List<Cell> row = new ArrayList<>(List.of(Cell.of(runs.label(run))));
      if (unfinished) {
        row.add(Cell.of(run.status().name()));
      }
      row.add(Cell.of(Words.count(run.parameters())));
      if (seeds) {
        row.add(Cell.of(runs.differences().value(run, Differences.SEED)));
      }
      points.forEach(key -> row.add(Cell.of(runs.differences().point(run).getOrDefault(key, ""))));
      row.add(Cell.of(run.steps().map(Words::whole).orElse("")));
      row.add(Cell.of(run.steps().map(steps -> Words.count(tokens(run, steps))).orElse("")));
      row.add(loss(run, ReportData.TRAIN_LOSS, bestTrain));
      row.add(loss(run, ReportData.VALID_LOSS, bestValid));
      OptionalDouble speed = speed(run);
      row.add(
          speed.isPresent()
              ? Cell.of(Words.rate(speed.getAsDouble())).best(Best.is(speed, fastest))
              : Cell.EMPTY);
      row.add(Cell.of(run.maxMemoryBytes().map(bytes -> Words.bytes((double) bytes)).orElse("")));
      RunTime time = times.get(run.id());
      row.add(Cell.of(time == null ? "" : GoodputText.duration(time.time().wall())));
      rows.add(row);
    }
    return new Table("Runs", columns, rows);
  }

  private boolean differs(String key) {
    return runs.all().stream()
            .map(run -> runs.differences().point(run).getOrDefault(key, ""))
            .distinct()
            .count()
        > 1;
  }

  private OptionalDouble best(String metric) {
    return Best.of(runs.all().stream().map(run -> Runs.metric(run, metric)).toList(), Better.LOWER);
  }

  /** Tokens a second over all training steps; of the last one where the others were not read. */
  private OptionalDouble speed(RunSummary run) {
    OptionalDouble last = Runs.metric(run, ReportData.TOKENS_PER_SECOND);
    if (last.isEmpty() || run.steps().isEmpty()) {
      return last;
    }
    Progress progress = data.progressOf(run);
    double mean = progress.tokens(run.steps().get()) / progress.seconds(run.steps().get());
    return Double.isFinite(mean) ? OptionalDouble.of(mean) : last;
  }

  private double tokens(RunSummary run, long step) {
    return data.progressOf(run).tokens(step);
  }

  private static Cell loss(RunSummary run, String metric, OptionalDouble best) {
    OptionalDouble value = Runs.metric(run, metric);
    return value.isPresent()
        ? Cell.of(Words.loss(value.getAsDouble())).best(Best.is(value, best))
        : Cell.EMPTY;
  }
}
