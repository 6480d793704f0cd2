package dev.pawl.cli.report;

import dev.pawl.db.report.RunSummary;
import dev.pawl.db.report.StageOrigin;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** From what data, by what code, with what seed and where the runs came about, with digests. */
final class LineageSection {
  private static final String TITLE = "Lineage";
  private static final Set<String> DATA = Set.of("tokenize", "take");
  private static final String TRAINING = "pretrain";

  private LineageSection() {}

  static Section of(ReportData data) {
    if (data.lineage().isEmpty()) {
      return new Section("lineage", TITLE, List.of(new Part.Paragraph("No stage is planned.")));
    }
    return new Section(
        "lineage",
        TITLE,
        List.of(
            new Part.Paragraph(
                "Digests are those of the artifacts' manifests, which hold the SHA-256 of every file."
                    + " Equal digests are equal bytes. pawl verify RUN checks all of them."),
            new Part.Shown(runs(data)),
            new Part.Folded(stages(data), true)));
  }

  private static Table runs(ReportData data) {
    Map<String, List<StageOrigin>> byRun =
        data.lineage().stream().collect(Collectors.groupingBy(StageOrigin::runId));
    List<List<Cell>> rows = new ArrayList<>();
    for (RunSummary run : data.runs().all()) {
      List<StageOrigin> stages = byRun.getOrDefault(run.id(), List.of());
      Optional<StageOrigin> tokens =
          stages.stream().filter(stage -> DATA.contains(stage.stage())).findFirst();
      Optional<StageOrigin> training =
          stages.stream().filter(stage -> stage.stage().equals(TRAINING)).findFirst();
      rows.add(
          List.of(
              Cell.of(data.runs().label(run)),
              Cell.code(run.id()),
              Cell.of(data.runs().differences().value(run, Differences.SEED)),
              digest(tokens),
              digest(training),
              Cell.code(training.flatMap(StageOrigin::codeVersion).orElse("")),
              Cell.of(training.flatMap(StageOrigin::machine).orElse("")),
              Cell.of(training.flatMap(StageOrigin::host).orElse(""))));
    }
    return new Table(
        "By run",
        List.of(
            Column.text("run"),
            Column.text("id"),
            Column.number("seed"),
            Column.text("tokens (digest)"),
            Column.text("trained model (digest)"),
            Column.text("code"),
            Column.text("machine"),
            Column.text("host")),
        rows);
  }

  private static Cell digest(Optional<StageOrigin> stage) {
    return stage
        .map(each -> each.artifactDigest().map(Cell::digest).orElse(Cell.of("not done")))
        .orElse(Cell.EMPTY);
  }

  /** A line a stage, however many runs share it. */
  private static Table stages(ReportData data) {
    Map<String, StageOrigin> byKey =
        data.lineage().stream()
            .collect(
                Collectors.toMap(
                    StageOrigin::stageKey,
                    Function.identity(),
                    (one, same) -> one,
                    LinkedHashMap::new));
    Map<String, Set<String>> users = new LinkedHashMap<>();
    for (StageOrigin stage : data.lineage()) {
      users
          .computeIfAbsent(stage.stageKey(), key -> new LinkedHashSet<>())
          .add(data.runs().label(stage.runId()));
    }
    List<List<Cell>> rows = new ArrayList<>();
    byKey
        .values()
        .forEach(
            stage ->
                rows.add(
                    List.of(
                        Cell.of(stage.stage()),
                        Cell.of(Integer.toString(stage.version())),
                        Cell.digest(stage.stageKey()),
                        Cell.of(
                            stage.inputKeys().stream()
                                .map(byKey::get)
                                .filter(Objects::nonNull)
                                .map(StageOrigin::stage)
                                .distinct()
                                .collect(Collectors.joining(", "))),
                        stage.artifactDigest().map(Cell::digest).orElse(Cell.of("not done")),
                        Cell.of(
                            stage.artifactBytes().isPresent()
                                ? Words.bytes((double) stage.artifactBytes().getAsLong())
                                : ""),
                        Cell.code(stage.codeVersion().orElse("")),
                        Cell.of(stage.host().orElse("")),
                        Cell.of(used(users.getOrDefault(stage.stageKey(), Set.of()))))));
    return new Table(
        "By stage: %d stages".formatted(byKey.size()),
        List.of(
            Column.text("stage"),
            Column.number("version"),
            Column.text("key"),
            Column.text("read the artifacts of"),
            Column.text("artifact (digest)"),
            Column.number("size"),
            Column.text("code"),
            Column.text("host"),
            Column.text("used by")),
        rows);
  }

  private static String used(Set<String> runs) {
    return runs.size() <= 3 ? String.join(", ", runs) : runs.size() + " runs";
  }
}
