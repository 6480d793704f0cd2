package dev.pawl.cli;

import dev.pawl.db.EvaluationRow;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/** Zero-shot scores of runs, a line a score or a column a checkpoint. */
final class ScoreTable {
  private final Format format;
  private final Map<String, List<EvaluationRow>> runs;

  /** A table of the scores of each run, by the run's name. */
  ScoreTable(Format format, Map<String, List<EvaluationRow>> runs) {
    this.format = format;
    this.runs = runs;
  }

  /** As the harness prints them: a line a run, checkpoint, task and metric. */
  String lines() {
    List<List<Object>> rows = new ArrayList<>();
    runs.forEach(
        (run, scores) -> {
          for (EvaluationRow score : scores) {
            Double stderr = score.stderr();
            rows.add(
                List.of(
                    run,
                    score.step(),
                    score.task(),
                    score.version(),
                    score.metric(),
                    number(score.value()),
                    stderr == null ? "" : number(stderr),
                    score.n()));
          }
        });
    return format.rows(
        List.of("run", "step", "task", "version", "metric", "value", "stderr", "n"), rows);
  }

  /** Wide: a line a run, task and metric, a column for each step at which a run was evaluated. */
  String wide() {
    SortedSet<Long> steps = new TreeSet<>();
    runs.values().forEach(scores -> scores.forEach(score -> steps.add(score.step())));
    Map<List<Object>, Map<Long, Double>> values = new LinkedHashMap<>();
    runs.forEach(
        (run, scores) -> {
          for (EvaluationRow score : scores) {
            values
                .computeIfAbsent(
                    List.of(run, score.task(), score.metric(), score.n()),
                    key -> new LinkedHashMap<>())
                .put(score.step(), score.value());
          }
        });
    List<String> header = new ArrayList<>(List.of("run", "task", "metric", "n"));
    steps.forEach(step -> header.add("step " + step));
    List<List<Object>> rows = new ArrayList<>();
    values.forEach(
        (key, byStep) -> {
          List<Object> row = new ArrayList<>(key);
          for (Long step : steps) {
            Double value = byStep.get(step);
            row.add(value == null ? "" : number(value));
          }
          rows.add(row);
        });
    return format.rows(header, rows);
  }

  // Every digit for programs.
  private Object number(double value) {
    return format.forPeople() ? String.format(Locale.ROOT, "%.4f", value) : (Object) value;
  }
}
