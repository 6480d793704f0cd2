package dev.pawl.activities.stage;

import dev.pawl.activities.artifact.DurableFiles;
import dev.pawl.activities.protocol.Environments;
import dev.pawl.activities.protocol.Stage;
import dev.pawl.activities.protocol.StageContext;
import dev.pawl.activities.protocol.StageResult;
import dev.pawl.db.Database;
import dev.pawl.db.GenerationRow;
import dev.pawl.db.MetricPoint;
import dev.pawl.db.ResultRow;
import dev.pawl.db.StageRow;
import dev.pawl.experiments.plan.StageKind;
import dev.pawl.experiments.stage.ReportStageConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Writes one page, without any outside part, with all that is known about a run. */
public final class ReportStage implements Stage<ReportStageConfig> {
  private static final int LOSS_ROWS = 20;

  @Override
  public Class<ReportStageConfig> configType() {
    return ReportStageConfig.class;
  }

  @Override
  public StageKind kind() {
    return StageKind.REPORT;
  }

  @Override
  public StageResult execute(ReportStageConfig config, StageContext context) throws IOException {
    Database database = context.database();
    Lineage lineage = Lineage.of(context.stage(), database.stages());
    Html page = new Html("Pawl report " + context.stage().key().substring(0, 12));
    for (StageRow stage : lineage.stages()) {
      context.check();
      switch (stage.kind()) {
        case "pretrain" -> training(page, stage, database);
        case "evaluate" -> evaluation(page, stage, results(context));
        case "generation" -> generation(page, results(context));
        default -> {}
      }
    }
    lineage(page, lineage);
    page.heading("Configuration");
    for (StageRow stage : lineage.stages()) {
      page.text(stage.kind() + ", version " + stage.version()).code(stage.configJson());
    }
    page.heading("Environment of this report").code(Environments.describe(Map.of()));
    DurableFiles.write(
        context.output().resolve("report.html"), page.page().getBytes(StandardCharsets.UTF_8));
    return new StageResult(Json.text(Map.of("report", "report.html")));
  }

  private static void training(Html page, StageRow stage, Database database) {
    page.heading("Training");
    for (String metric : List.of("train_loss", "valid_loss")) {
      List<MetricPoint> curve = database.metrics().curve(stage.key(), metric);
      if (!curve.isEmpty()) {
        page.text(metric).drawing(LossCurve.svg(curve));
        page.table(List.of("step", metric), thinned(curve));
      }
    }
    page.table(
        List.of("checkpoint at step", "consumed samples", "bytes", "sha256"),
        database.checkpoints().of(stage.key()).stream()
            .map(
                row ->
                    List.of(
                        String.valueOf(row.step()),
                        String.valueOf(row.consumedSamples()),
                        String.valueOf(row.bytes()),
                        row.sha256()))
            .toList());
  }

  /** Evenly spaced points of a long curve, its last one always among them. */
  private static List<List<String>> thinned(List<MetricPoint> curve) {
    int every = Math.max(1, (curve.size() + LOSS_ROWS - 1) / LOSS_ROWS);
    List<List<String>> rows = new ArrayList<>();
    for (int i = (curve.size() - 1) % every; i < curve.size(); i += every) {
      rows.add(List.of(String.valueOf(curve.get(i).step()), number(curve.get(i).value())));
    }
    return rows;
  }

  private static List<ResultRow> results(StageContext context) {
    return context.database().results().ofRuns(List.of(context.request().runId()));
  }

  private static void evaluation(Html page, StageRow stage, List<ResultRow> results) {
    List<List<String>> rows = new ArrayList<>();
    for (ResultRow result : results) {
      for (Map.Entry<String, Map<String, Double>> task : new TreeMap<>(result.tasks()).entrySet()) {
        for (Map.Entry<String, Double> metric : new TreeMap<>(task.getValue()).entrySet()) {
          rows.add(List.of(task.getKey(), metric.getKey(), number(metric.getValue())));
        }
      }
    }
    page.heading("Evaluation").table(List.of("task", "metric", "value"), rows);
    stage.resultJson().ifPresent(page::code);
  }

  private static void generation(Html page, List<ResultRow> results) {
    List<List<String>> rows = new ArrayList<>();
    for (ResultRow result : results) {
      for (GenerationRow row : result.generation()) {
        rows.add(
            List.of(
                String.valueOf(row.prefillLength()),
                String.valueOf(row.decodeLength()),
                String.valueOf(row.batchSize()),
                row.protocol() + ", " + row.precision(),
                row.oom() ? "out of memory" : number(row.tokensPerSecond()),
                row.oom() ? "" : String.valueOf(row.maxMemoryBytes()),
                overFloor(row)));
      }
    }
    page.heading("Generation")
        .table(
            List.of(
                "prefill",
                "decode",
                "batch",
                "protocol",
                "tokens/s",
                "max memory bytes",
                "x machine's floor"),
            rows);
  }

  private static String overFloor(GenerationRow row) {
    double best = row.milliseconds().stream().mapToDouble(Double::doubleValue).min().orElse(0);
    boolean known = best > 0 && row.floorMilliseconds() > 0;
    return known ? number(best / row.floorMilliseconds()) : "";
  }

  private static void lineage(Html page, Lineage lineage) {
    page.heading("Lineage")
        .table(
            List.of("stage", "key", "artifact digest", "bytes"),
            lineage.stages().stream()
                .map(
                    stage ->
                        List.of(
                            stage.kind(),
                            stage.key(),
                            stage.digest().orElse("not done"),
                            stage.bytes().map(String::valueOf).orElse("")))
                .toList());
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.6g", value);
  }
}
