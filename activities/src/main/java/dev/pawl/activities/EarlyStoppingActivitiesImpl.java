package dev.pawl.activities;

import dev.pawl.activities.asha.Asha;
import dev.pawl.activities.asha.Job;
import dev.pawl.activities.asha.Reached;
import dev.pawl.db.AshaDecisionRow;
import dev.pawl.db.AshaSetup;
import dev.pawl.db.AshaState;
import dev.pawl.db.AshaStore;
import dev.pawl.db.Database;
import dev.pawl.db.MetricPoint;
import dev.pawl.db.StageRow;
import dev.pawl.experiments.plan.StageKind;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Asks {@link Asha} and keeps its answers in the record. Thread-safe. */
public final class EarlyStoppingActivitiesImpl implements EarlyStoppingActivities {
  private final Database database;
  private final AshaStore store;

  public EarlyStoppingActivitiesImpl(Database database) {
    this.database = database;
    this.store = database.asha();
  }

  @Override
  public @Nullable RungJob nextJob(RungQuestion question) {
    Set<Integer> taken = new HashSet<>(question.taken());
    AtomicReference<Optional<AshaDecisionRow>> open = new AtomicReference<>(Optional.empty());
    AtomicReference<Optional<AshaSetup>> setup = new AtomicReference<>(Optional.empty());
    Optional<AshaDecisionRow> made =
        store.decide(
            question.experimentId(),
            state -> {
              setup.set(Optional.of(state.setup()));
              if (state.halted()) {
                // Decided now, it would be with less known than when the sweep is taken up again.
                return Optional.empty();
              }
              open.set(open(state, taken));
              return open.get().isPresent() ? Optional.empty() : choice(state);
            });
    return made.or(open::get).map(row -> job(setup.get().orElseThrow(), row)).orElse(null);
  }

  /**
   * The first decision without a result that nobody is at; or one for the last rung whose run is
   * asked for again, so that what it made before is looked at again.
   */
  private static Optional<AshaDecisionRow> open(AshaState state, Set<Integer> taken) {
    int last = state.setup().rungs().size() - 1;
    return state.decisions().stream()
        .filter(row -> !taken.contains(row.decision()))
        .filter(
            row ->
                !state.hasResult(row.trial(), row.rung())
                    || (row.rung() == last && state.queued().contains(row.trial())))
        .findFirst();
  }

  private static Optional<AshaStore.Choice> choice(AshaState state) {
    return rule(state.setup())
        .next(
            state.decisions().stream()
                .map(row -> new Job(row.trial(), row.rung(), row.reason()))
                .toList(),
            reached(state))
        .map(job -> new AshaStore.Choice(job.trial(), job.rung(), job.reason()));
  }

  private static Asha rule(AshaSetup setup) {
    return new Asha(
        setup.reductionFactor(),
        setup.smallerIsBetter(),
        setup.rungs().size(),
        setup.runIds().size());
  }

  private static List<Reached> reached(AshaState state) {
    return state.results().stream()
        .map(row -> new Reached(row.trial(), row.rung(), row.value()))
        .toList();
  }

  private static RungJob job(AshaSetup setup, AshaDecisionRow row) {
    return new RungJob(
        row.decision(),
        row.trial(),
        setup.runIds().get(row.trial()),
        row.rung(),
        setup.rungs().get(row.rung()),
        row.rung() == setup.rungs().size() - 1);
  }

  @Override
  public void rungReached(RungReport report) {
    RungJob job = report.job();
    AshaSetup setup = store.find(report.experimentId()).orElseThrow().setup();
    boolean failed = report.cause() != null;
    double value = failed ? Double.NaN : value(job, setup.metric());
    store.reached(report.experimentId(), job.trial(), job.rung(), value);
    if (!failed && !job.last()) {
      store.rests(job.runId(), "rests at " + words(setup, job.rung(), value));
    }
  }

  /** The metric at a step; that of the last step before it where the training ended earlier. */
  private double value(RungJob job, String metric) {
    StageRow training =
        database.experiments().stagesOf(job.runId()).stream()
            .filter(stage -> stage.kind().equals(StageKind.PRETRAIN.id()))
            .findFirst()
            .orElseThrow();
    double value = Double.NaN;
    for (MetricPoint point : database.metrics().curve(training.key(), metric)) {
      if (point.step() <= job.step()) {
        value = point.value();
      }
    }
    return value;
  }

  @Override
  public void sweepEnded(String experimentId) {
    AshaState state = store.find(experimentId).orElseThrow();
    AshaSetup setup = state.setup();
    if (state.halted()) {
      database.sweeps().endWished(experimentId, List.copyOf(state.queued()));
      return;
    }
    Asha rule = rule(setup);
    List<Reached> reached = reached(state);
    for (int trial = 0; trial < setup.runIds().size(); trial++) {
      String runId = setup.runIds().get(trial);
      int rung = highest(state, trial);
      boolean rests = rung >= 0 && rung < setup.rungs().size() - 1 && state.hasResult(trial, rung);
      if (rests) {
        List<Reached> ranking = rule.ranking(rung, reached);
        int place = ranking.stream().map(Reached::trial).toList().indexOf(trial);
        long went = state.decisions().stream().filter(row -> row.rung() == rung + 1).count();
        store.stoppedEarly(
            runId,
            "stopped at %s is number %d of %d there, %d went on"
                .formatted(
                    words(setup, rung, ranking.get(place).value()),
                    place + 1,
                    ranking.size(),
                    went));
      }
    }
  }

  private static int highest(AshaState state, int trial) {
    return state.decisions().stream()
        .filter(row -> row.trial() == trial)
        .mapToInt(AshaDecisionRow::rung)
        .max()
        .orElse(-1);
  }

  private static String words(AshaSetup setup, int rung, double value) {
    return String.format(
        Locale.ROOT,
        "step %d, rung %d of %d: %s %.4f",
        setup.rungs().get(rung),
        rung,
        setup.rungs().size() - 1,
        setup.metric(),
        value);
  }
}
