package dev.pawl.db;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Every write that the stores know, by whom it belongs to: what an operator asks for and what a
 * worker does with it.
 */
final class StoreOperations {
  private static final Duration LEASE = Duration.ofSeconds(60);
  private static final Owner SELF = new Owner("here", 1, Instant.EPOCH, "a");
  private static final NewExperiment EXPERIMENT =
      new NewExperiment(
          "exp",
          "sweep",
          "digest",
          "{}",
          "yaml",
          List.of(
              new NewRun("r0", "one", "one", 1, "{}", List.of(stage("k0"), stage("k1"))),
              new NewRun("r1", "two", "two", 1, "{}", List.of(stage("k2"), stage("k3")))),
          Optional.of(new NewSweep(1, 3, 0, "{}")));

  private final Database operator;
  private final Database worker;

  StoreOperations(Database operator, Database worker) {
    this.operator = operator;
    this.worker = worker;
  }

  private static NewStage stage(String key) {
    return new NewStage(key, "pretrain", 1, "{}", Map.of());
  }

  void all() {
    ask();
    serve();
    workOnRuns();
    workOnStage();
    endOtherwise();
    stopEarly();
    throwAway();
  }

  /** What submit, pause, resume, stop, cancel and retry write. */
  void ask() {
    operator.experiments().register(EXPERIMENT);
    operator.experiments().register(EXPERIMENT);
    operator.experiments().command("exp", List.of("pawl", "submit", "x.yaml"));
    operator.experiments().allowInexact(List.of("r0"));
    operator
        .asha()
        .register(
            "exp", new AshaSetup("valid_loss", true, 2, List.of(1L, 2L), List.of("r0", "r1")));
    operator.controls().wish("r0", Wish.PAUSE);
    operator.controls().wishOfAll("exp", Wish.PAUSE);
    operator.controls().resumeAll("exp");
    operator.controls().clear(List.of("r0", "r1"));
    operator.sweeps().queue(List.of("r0", "r1"));
  }

  private void serve() {
    NewWorker process =
        new NewWorker(SELF, List.of("data"), Optional.of("cpu:0"), 1, Optional.of("home"), "0.1");
    String id = worker.workers().started(process);
    worker.workers().started(process);
    worker.workers().seen(id);
    worker.workers().stopping(id);
    worker.workers().stopped(id);
    worker.device("here", "cpu:0").orElseThrow().close();
  }

  private void workOnRuns() {
    worker.sweeps().state("exp", SweepState.RUNNING);
    worker.serving().served("r0", Optional.of(SELF));
    worker.experiments().runStatus("r0", RunStatus.RUNNING, null, null);
    worker.controls().paused("r0");
    worker.controls().resumed("r0");
    worker.experiments().runStatus("r0", RunStatus.DONE, null, null);
    worker.experiments().runStatus("r0", RunStatus.RUNNING, null, null);
    worker.controls().interrupted(List.of("r0"));
    operator.controls().wish("r1", Wish.STOP);
    worker.sweeps().endWished("exp", List.of(1));
    operator.sweeps().queue(List.of("r1"));
    worker.sweeps().notBegun("exp", List.of(1), "enough failed");
  }

  private Claim claim(String key) {
    String environment = worker.environments().register("{\"threads\": 2}");
    return worker.stages().claim(key, SELF, LEASE, environment).claim().orElseThrow();
  }

  private void workOnStage() {
    Claim claim = claim("k0");
    worker.goodput().began(claim, "r0");
    worker.stages().renew(claim, LEASE);
    worker.stages().requireHeld(claim);
    worker.stages().progress(claim, "{\"step\": 1}");
    TimeSegment work = new TimeSegment(0, TimeSegment.Kind.WORK, 0, 1, OptionalLong.of(0));
    worker.goodput().write(claim, List.of(work));
    worker.goodput().write(claim, List.of(work));
    worker.goodput().resumed(claim, 0);
    worker.goodput().adopted(claim, claim.attempt());
    MetricPoint loss = new MetricPoint(1, "train_loss", 2.5);
    worker.metrics().append(claim, List.of(loss, new MetricPoint(2, "train_loss", 2)), Set.of());
    worker.metrics().append(claim, List.of(new MetricPoint(1, "train_loss", 3)), Set.of());
    CheckpointRow saved = new CheckpointRow(1, 4, "s", Optional.empty(), "p", 1);
    worker.checkpoints().record(claim, saved);
    worker.checkpoints().record(claim, saved);
    worker.checkpoints().removed(claim, List.of(1L), "retention");
    worker.checkpoints().there(claim, Map.of(1L, "p"), "not found");
    SkippedRangeRow skipped = new SkippedRangeRow("SKIP", "LOSS_SPIKE", 2, 3, 8, 4, 9.0);
    worker.skippedRanges().skip(claim, skipped);
    worker
        .skippedRanges()
        .rewind(claim, new SkippedRangeRow("REWIND", "LOSS_SPIKE", 1, 3, 4, 4, 9.0));
    worker.findings().note(claim, "checkpoint", "the one before was used");
    EvaluationRow score = new EvaluationRow(1, "t", "1.0", "acc", 1, 0.0, 1);
    worker.evaluations().record(claim, List.of(score));
    worker.evaluations().record(claim, List.of(score));
    worker
        .evaluations()
        .addDocuments(claim, 1, "t", List.of(new DocumentRow(0, List.of(-1.0), List.of(true))));
    GenerationRow measured =
        new GenerationRow(1, 1, 1, "optimised", "fp32", 1, 1, List.of(1.0), false, 0, Map.of());
    worker.generations().record(claim, measured);
    worker.generations().record(claim, measured);
    worker.stages().complete(claim, new Completion("d", 1, "p", "pretrain", "{}"));
    worker.stages().reopen("k0", "its artifact is gone");
    Claim again = claim("k0");
    worker.findings().record(again, FindingStore.INEXACT, "another number of threads");
    worker.stages().complete(again, new Completion("d", 1, "p", "pretrain", "{}"));
  }

  private void endOtherwise() {
    worker.stages().fail(claim("k1"), "DATA", "torn");
    worker.stages().release(claim("k2"), "stopped");
    worker.stages().rest(claim("k3"), "rests");
    claim("k1");
    worker.stages().reclaimDead("here", owner -> true);
  }

  private void stopEarly() {
    worker.asha().decide("exp", state -> Optional.of(new AshaStore.Choice(0, 0, "first")));
    worker.asha().reached("exp", 0, 0, 2.5);
    worker.asha().rests("r0", "rests");
    worker.asha().stoppedEarly("r0", "enough");
    worker.sweeps().state("exp", SweepState.DONE);
  }

  /** What retry --from throws away. */
  private void throwAway() {
    operator.stages().reopen("k0", "retry --from pretrain");
    operator.stages().forgetInexact("k0");
  }
}
