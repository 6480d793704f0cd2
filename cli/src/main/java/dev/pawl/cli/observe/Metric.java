package dev.pawl.cli.observe;

import java.util.List;

/**
 * Every metric of this program: what it is called, what it says, in what unit. The page {@code
 * docs/observability.md} holds the same, and a test compares.
 *
 * <p>A run is a label only of gauges of what goes on at the moment; they go when it ends.
 */
enum Metric {
  STAGES(
      Type.COUNTER,
      "pawl.stages",
      "stage outcome cause",
      "Stages that came to an end here. `outcome` is done, reused, failed, lost (another worker took it over), released (stopped, paused, cancelled) or rested (at a rung of its sweep); `cause` is that of a failure, else `none`."),
  STAGE_TIME(
      Type.LONG_TIMER,
      "pawl.stage",
      "stage outcome",
      "Time from the claim of a stage to the end of the attempt."),
  STAGE_PHASE(
      Type.LONG_TIMER,
      "pawl.stage.phase",
      "stage phase",
      "Parts of an attempt: `claim` (asking for it), `execute` (the work), `publish` (hashing, forcing to disk and moving the artifact)."),
  STAGES_RUNNING(
      Type.GAUGE, "pawl.stages.running", "stage", "Stages that this process is at work on."),
  STAGE_PROGRESS(
      Type.GAUGE,
      "pawl.stage.progress.ratio",
      "experiment run name stage",
      "How much of a stage is behind, from 0 to 1."),
  RETRIES(
      Type.COUNTER,
      "pawl.stage.retries",
      "stage",
      "Attempts at a stage that had been attempted before: after a failure, a lost worker, a stop or a rest."),
  QUEUE_WAIT(
      Type.LONG_TIMER,
      "pawl.queue.wait",
      "stage",
      "Time from when a stage was due to its claim: free workers, and for measurements a worker that does nothing else."),
  GOODPUT(
      Type.COUNTER,
      "pawl.goodput.seconds",
      "stage kind",
      "Where the time of stages goes: `work`, `saving` (the work stood still for it), `waiting` (in a queue), `lost` (work of earlier attempts that turned out to be in vain when this process took the stage up). Useful is work less lost; the exact account of a run is `v_goodput`."),
  TOKENS(Type.COUNTER, "pawl.training.tokens", "", "Tokens that training steps have read."),
  STEPS(Type.SHORT_TIMER, "pawl.training.step", "", "Time of a training step."),
  TOKENS_PER_SECOND(
      Type.GAUGE,
      "pawl.training.tokens.per.second",
      "experiment run name stage",
      "Tokens a second of the last step, of trainings that go on."),
  LOSS(
      Type.GAUGE,
      "pawl.training.loss",
      "experiment run name stage",
      "Loss of the last step in nats a token, of trainings that go on."),
  CHECKPOINT(
      Type.LONG_TIMER,
      "pawl.checkpoint",
      "phase",
      "Time of checkpoints: `stall` (training stands still), `write` (writing and recording, beside the training), `load`."),
  CHECKPOINT_BYTES(
      Type.COUNTER, "pawl.checkpoint.bytes", "", "Bytes of checkpoints that were written."),
  LEASE_RENEWALS(
      Type.COUNTER, "pawl.lease.renewals", "", "Times that a claim on a stage was renewed."),
  LEASE_FAILURES(
      Type.COUNTER,
      "pawl.lease.failures",
      "",
      "Beats and renewals that the scheduler or the database did not take; each is tried again."),
  BUILD(Type.GAUGE, "pawl.build", "version", "1, with the version of the program.");

  /** What kind of number it is, which decides what Prometheus calls it. */
  enum Type {
    COUNTER,
    GAUGE,
    /** A histogram from milliseconds to a minute. */
    SHORT_TIMER,
    /** A histogram from a tenth of a second to days. */
    LONG_TIMER
  }

  private final Type type;
  private final String id;
  private final String labels;
  private final String meaning;

  Metric(Type type, String id, String labels, String meaning) {
    this.type = type;
    this.id = id;
    this.labels = labels;
    this.meaning = meaning;
  }

  Type type() {
    return type;
  }

  /** The name in Micrometer, with dots. */
  String id() {
    return id;
  }

  /** The name in Prometheus; a histogram's parts add {@code _bucket}, {@code _count}, .... */
  String exported() {
    String name = id.replace('.', '_');
    return switch (type) {
      case COUNTER -> name + "_total";
      case GAUGE -> name;
      case SHORT_TIMER, LONG_TIMER -> name + "_seconds";
    };
  }

  List<String> labels() {
    return labels.isEmpty() ? List.of() : List.of(labels.split(" "));
  }

  String meaning() {
    return meaning;
  }

  /** The line of the metric in the table of the page. */
  String line() {
    String kind =
        switch (type) {
          case COUNTER -> "counter";
          case GAUGE -> "gauge";
          case SHORT_TIMER, LONG_TIMER -> "histogram";
        };
    return "| `%s` | %s | %s | %s |"
        .formatted(exported(), kind, labels.replace(" ", ", "), meaning);
  }
}
