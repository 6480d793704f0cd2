package dev.pawl.cli.report;

import dev.pawl.db.Database;
import dev.pawl.db.report.Consumption;
import dev.pawl.db.report.Curve;
import dev.pawl.db.report.ExperimentText;
import dev.pawl.db.report.FailureRow;
import dev.pawl.db.report.Pace;
import dev.pawl.db.report.PositionLoss;
import dev.pawl.db.report.Remark;
import dev.pawl.db.report.ReportStores;
import dev.pawl.db.report.RunSummary;
import dev.pawl.db.report.RunTime;
import dev.pawl.db.report.Score;
import dev.pawl.db.report.Speed;
import dev.pawl.db.report.StageOrigin;
import dev.pawl.db.report.Surroundings;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * All that the page says, read from the record at once.
 *
 * @param total how many runs there are; those beyond the newest {@value #RUNS} are not among them
 * @param experiments by id
 * @param drawn the runs whose curves were read: those with the least validation losses
 * @param progress of the drawn runs, by their ids
 */
public record ReportData(
    Runs runs,
    int total,
    Map<String, ExperimentText> experiments,
    List<RunSummary> drawn,
    List<Curve> curves,
    Map<String, Progress> progress,
    List<PositionLoss> positionLosses,
    List<Score> scores,
    List<Speed> speeds,
    List<RunTime> times,
    List<StageOrigin> lineage,
    List<FailureRow> failures,
    List<Surroundings> environments,
    List<Remark> remarks) {
  static final String TRAIN_LOSS = "train_loss";
  static final String VALID_LOSS = "valid_loss";
  static final String TOKENS_PER_SECOND = "tokens_per_second";

  /** Runs in the tables at most. */
  static final int RUNS = 1000;

  /** Runs in the plots of curves at most. */
  static final int DRAWN = 100;

  private static final int POINTS = 500;
  private static final int FEWEST_POINTS = 100;
  private static final int ALL_POINTS = 30_000;
  private static final int PACE_POINTS = 200;
  private static final int LONGEST_BLOCK = 256;

  /**
   * Reads what there is about all runs, or about those of an experiment given by name or by the
   * beginning of its id.
   */
  public static ReportData read(Database database, Optional<String> experiment) {
    ReportStores stores = database.report();
    Runs runs =
        new Runs(
            stores.runs().of(experiment, RUNS, List.of(TRAIN_LOSS, VALID_LOSS, TOKENS_PER_SECOND)));
    Set<String> experimentIds =
        runs.all().stream().map(RunSummary::experimentId).collect(Collectors.toSet());
    List<String> ids = runs.ids();
    List<RunSummary> drawn = runs.byLoss().stream().limit(DRAWN).toList();
    List<String> drawnIds = drawn.stream().map(RunSummary::id).toList();
    int points = Math.max(FEWEST_POINTS, Math.min(POINTS, ALL_POINTS / Math.max(1, drawn.size())));
    int blockLength =
        drawn.stream()
            .mapToInt(run -> (int) runs.number(run, "model.block_length").orElse(1))
            .max()
            .orElse(1);
    return new ReportData(
        runs,
        runs.all().size() < RUNS ? runs.all().size() : stores.runs().count(experiment),
        stores.runs().experiments(experimentIds),
        drawn,
        stores.curves().of(drawnIds, List.of(TRAIN_LOSS, VALID_LOSS), points),
        progress(runs, drawn, stores),
        stores.curves().positionLosses(drawnIds, Math.min(LONGEST_BLOCK, blockLength)),
        stores.measurements().scores(ids),
        stores.measurements().speeds(experimentIds, ids),
        stores.measurements().times(ids),
        stores.origins().lineage(ids),
        stores.origins().failures(ids),
        stores.origins().environments(ids),
        stores.origins().remarks(ids));
  }

  private static Map<String, Progress> progress(
      Runs runs, List<RunSummary> drawn, ReportStores stores) {
    List<String> ids = drawn.stream().map(RunSummary::id).toList();
    Map<String, List<Consumption>> consumption =
        stores.curves().consumption(ids).stream()
            .collect(Collectors.groupingBy(Consumption::runId));
    Map<String, List<Pace>> pace =
        stores.curves().pace(ids, PACE_POINTS).stream().collect(Collectors.groupingBy(Pace::runId));
    Map<String, Progress> progress = new HashMap<>();
    for (RunSummary run : drawn) {
      progress.put(
          run.id(),
          new Progress(
              consumption.getOrDefault(run.id(), List.of()),
              pace.getOrDefault(run.id(), List.of()),
              runs.number(run, "training.total_batch_size").orElse(0),
              runs.number(run, "training.max_length").orElse(0)));
    }
    return progress;
  }

  /** Whether there is no run. */
  public boolean isEmpty() {
    return runs.all().isEmpty();
  }

  /** The name of the experiment, or of the newest of several. */
  public String name() {
    return runs.all().get(0).experiment();
  }

  /** What the page is about, in few words. */
  public String title() {
    long many = runs.all().stream().map(RunSummary::experimentId).distinct().count();
    return many == 1 ? name() : "%d experiments".formatted(many);
  }

  /** How far a run had come after each step; by its recipe alone where its curves were not read. */
  Progress progressOf(RunSummary run) {
    Progress known = progress.get(run.id());
    return known == null
        ? new Progress(
            List.of(),
            List.of(),
            runs.number(run, "training.total_batch_size").orElse(0),
            runs.number(run, "training.max_length").orElse(0))
        : known;
  }

  /** Curves of one metric by run, those that were drawn first being first. */
  Map<String, Curve> curves(String name) {
    Map<String, Curve> byRun = new HashMap<>();
    curves.stream().filter(each -> each.name().equals(name)).forEach(c -> byRun.put(c.runId(), c));
    Map<String, Curve> ordered = new LinkedHashMap<>();
    for (RunSummary run : drawn) {
      Curve curve = byRun.get(run.id());
      if (curve != null) {
        ordered.put(run.id(), curve);
      }
    }
    return ordered;
  }
}
