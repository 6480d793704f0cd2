package dev.pawl.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pawl.db.AttemptRow;
import dev.pawl.db.CheckpointRow;
import dev.pawl.db.Database;
import dev.pawl.db.RunRow;
import dev.pawl.db.RungRow;
import dev.pawl.db.SkippedRangeRow;
import dev.pawl.db.StageRow;
import dev.pawl.db.StageStatus;
import dev.pawl.experiments.plan.StageLabel;
import dev.pawl.workflows.WorkflowIds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** One run in words: stages, attempts, the last checkpoint, why it waits, the end of the log. */
final class RunView {
  private static final int LOG_LINES = 5;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Database database;
  private final Path home;
  private final Liveness liveness;

  RunView(Database database, Path home) {
    this.database = database;
    this.home = home;
    this.liveness = new Liveness(database);
  }

  String text(RunRow run) {
    StringBuilder text = new StringBuilder();
    line(text, "run         %s", run.id());
    line(text, "experiment  %s", run.experiment());
    line(text, "name        %s", run.name());
    line(text, "model       %s, %,d parameters", run.model(), run.parameters());
    line(text, "status      %s", status(run));
    temporal(run).ifPresent(link -> line(text, "temporal    %s", link));
    database
        .controls()
        .of(run.id())
        .ifPresent(wish -> line(text, "wished      %s", wish.name().toLowerCase(Locale.ROOT)));
    database.findings().inexact(run.id()).forEach(reason -> line(text, "not exact   %s", reason));
    run.message().ifPresent(message -> line(text, "message     %s", message));
    for (RungRow rung : database.asha().ofRun(run.id())) {
      if (!rung.experimentId().equals(run.experimentId())) {
        continue;
      }
      line(
          text,
          "rung %-6d step %d: %s %s; %s",
          rung.rung(),
          rung.step(),
          rung.metric(),
          rung.value().map(value -> String.format(Locale.ROOT, "%.4f", value)).orElse("not yet"),
          rung.reason());
    }
    database
        .goodput()
        .of(run.id())
        .ifPresent(row -> line(text, "goodput     %s", GoodputText.of(row)));
    for (StageRow stage : database.experiments().stagesOf(run.id())) {
      stage(text, stage);
    }
    log(text, run.id());
    return text.toString();
  }

  // A workflow of a process that scheduled for itself has no page.
  private Optional<String> temporal(RunRow run) {
    boolean scheduled =
        run.startedAt().isPresent() && database.serving().of(run.id()).process().isEmpty();
    return scheduled
        ? TemporalUi.of(System.getenv()).link(WorkflowIds.run(run.id()))
        : Optional.empty();
  }

  private String status(RunRow run) {
    return liveness
        .interrupted(run)
        .map(why -> "%s (%s)".formatted(Liveness.INTERRUPTED, why))
        .orElse(run.status().name());
  }

  private void stage(StringBuilder text, StageRow stage) {
    line(text, "");
    String label = StageLabel.of(stage.kind(), stage.version(), stage.configJson());
    line(text, "%-19s %-8s %s", label, stage.status(), stage.key());
    stage.path().ifPresent(path -> line(text, "  artifact   %s", path));
    if (stage.status() == StageStatus.RUNNING) {
      running(text, stage);
    }
    checkpoints(text, database.checkpoints().of(stage.key()));
    for (SkippedRangeRow range : database.skippedRanges().of(stage.key())) {
      line(
          text,
          "  %-10s %d samples from %d on after step %d: %s at step %d (%s)",
          range.action().equals("REWIND") ? "rewound" : "skipped",
          range.samples(),
          range.firstSample(),
          range.step(),
          range.reason().toLowerCase(Locale.ROOT).replace('_', ' '),
          range.failedStep(),
          range.value());
    }
    for (String finding : database.findings().of(stage.key())) {
      line(text, "  FINDING    %s", finding);
    }
    for (String note : database.findings().notesOf(stage.key())) {
      line(text, "  note       %s", note);
    }
    for (AttemptRow attempt : database.experiments().attemptsOf(stage.key())) {
      line(
          text,
          "  attempt %d on %s (pid %d) from %s to %s: %s%s",
          attempt.attempt(),
          attempt.host(),
          attempt.pid(),
          attempt.startedAt(),
          attempt.finishedAt().map(Object::toString).orElse("now"),
          attempt.outcome().orElse("RUNNING"),
          attempt.cause().map(cause -> " " + cause).orElse("")
              + attempt.message().map(message -> ": " + message).orElse(""));
    }
  }

  private static void checkpoints(StringBuilder text, List<CheckpointRow> checkpoints) {
    List<CheckpointRow> removed =
        checkpoints.stream().filter(row -> row.removed().isPresent()).toList();
    if (!removed.isEmpty()) {
      line(
          text,
          "  removed    %,d checkpoints, the last of step %d: %s",
          removed.size(),
          removed.get(removed.size() - 1).step(),
          removed.get(removed.size() - 1).removed().orElseThrow());
    }
    for (CheckpointRow row : checkpoints) {
      if (row.removed().isEmpty()) {
        line(text, "  checkpoint step %d, %s, %s", row.step(), row.sha256(), row.path());
      }
    }
  }

  private void running(StringBuilder text, StageRow stage) {
    boolean alive =
        stage.leaseExpiresAt().filter(Instant.now()::isBefore).isPresent()
            && stage.ownerId().filter(liveness::gone).isEmpty();
    line(
        text,
        "  worker     %s%s",
        stage.ownerId().orElse("none"),
        alive ? "" : ": gives no sign of life; the next worker takes over");
    stage.progressJson().ifPresent(json -> line(text, "  progress   %s", progress(json)));
  }

  private static String progress(String json) {
    try {
      JsonNode progress = JSON.readTree(json);
      StringBuilder text = new StringBuilder();
      text.append(
          String.format(
              Locale.ROOT,
              "%,d of %,d %s",
              progress.path("done").asLong(),
              progress.path("total").asLong(),
              progress.path("unit").asText()));
      progress
          .path("values")
          .properties()
          .forEach(
              value ->
                  text.append(
                      String.format(
                          Locale.ROOT, ", %s %.4g", value.getKey(), value.getValue().asDouble())));
      return text.toString();
    } catch (JsonProcessingException e) {
      return json;
    }
  }

  private void log(StringBuilder text, String runId) {
    Path file = home.resolve("pawl.log");
    if (!Files.isRegularFile(file)) {
      return;
    }
    try {
      List<String> lines = LogTail.of(file, runId, LOG_LINES);
      if (!lines.isEmpty()) {
        line(text, "");
        line(text, "the end of %s", file);
        lines.forEach(each -> line(text, "  %s", each));
      }
    } catch (IOException unreadable) {
      line(text, "%s cannot be read: %s", file, unreadable.getMessage());
    }
  }

  private static void line(StringBuilder text, String format, Object... arguments) {
    text.append(String.format(Locale.ROOT, format, arguments)).append(System.lineSeparator());
  }
}
