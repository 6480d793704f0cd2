package dev.pawl.cli.report;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pawl.cli.StoredJson;
import dev.pawl.db.report.ExperimentText;
import dev.pawl.db.report.RunSummary;
import dev.pawl.db.report.StageOrigin;
import dev.pawl.db.report.Surroundings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The file and the command that give each run again. */
final class CommandsSection {
  private static final String TITLE = "Reproduce";
  private static final int EXPERIMENTS = 20;

  /** Which word of a command is the file. */
  private static final int FILE = 2;

  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_./:=,+@%-]+");
  private static final Pattern THREADS = Pattern.compile("(?m)^threads\\s*:");

  private final ReportData data;

  private CommandsSection(ReportData data) {
    this.data = data;
  }

  static Section of(ReportData data) {
    return new Section("commands", TITLE, new CommandsSection(data).parts());
  }

  private List<Part> parts() {
    Map<String, List<RunSummary>> byExperiment = new LinkedHashMap<>();
    for (RunSummary run : data.runs().all()) {
      byExperiment.computeIfAbsent(run.experimentId(), id -> new ArrayList<>()).add(run);
    }
    List<Part> parts = new ArrayList<>();
    parts.add(
        new Part.Paragraph(
            "Save the experiment's text under the name in the command, take the same code, and type"
                + " the command: on the same kind of processor, every stage ends with the digest that"
                + " the lineage shows. In the home of this record, pawl verify says whether a run is"
                + " still what was computed; with --replay 10 it trains ten steps again."));
    int shown = 0;
    for (Map.Entry<String, List<RunSummary>> each : byExperiment.entrySet()) {
      if (shown++ == EXPERIMENTS) {
        parts.add(
            new Part.Paragraph(
                "%d more experiments are left out; name one to see its commands."
                    .formatted(byExperiment.size() - EXPERIMENTS)));
        break;
      }
      ExperimentText experiment = data.experiments().get(each.getKey());
      if (experiment != null) {
        experiment(experiment, each.getValue(), parts);
      }
    }
    return parts;
  }

  private void experiment(ExperimentText experiment, List<RunSummary> runs, List<Part> parts) {
    JsonNode config = StoredJson.tree(experiment.configJson());
    List<String> words = new ArrayList<>();
    config.path("command").forEach(each -> words.add(each.asText()));
    boolean known = words.size() >= FILE + 1;
    if (!known) {
      words.clear();
      words.addAll(List.of("pawl", "run", ReportPage.fileName(experiment.name()) + ".yaml"));
    }
    threads(runs)
        .filter(threads -> !THREADS.matcher(experiment.source()).find())
        .filter(threads -> words.stream().noneMatch(each -> each.startsWith("threads=")))
        .ifPresent(threads -> words.add("threads=" + threads));
    String command = words.stream().map(CommandsSection::quoted).collect(Collectors.joining(" "));
    String codes = String.join(", ", codes(runs));
    parts.add(
        new Part.Code(
            "Experiment %s (%s)%s"
                .formatted(
                    experiment.name(), experiment.id(), codes.isEmpty() ? "" : ", pawl " + codes),
            command,
            false));
    if (!known) {
      parts.add(
          new Part.Paragraph(
              "The version that recorded this experiment did not write down values given on the"
                  + " command line; the configuration of each run, with them, is in the record"
                  + " (v_run.config)."));
    }
    parts.add(new Part.Code(words.get(FILE), experiment.source(), true));
    List<List<Cell>> rows = new ArrayList<>();
    for (RunSummary run : runs) {
      rows.add(
          List.of(
              Cell.of(data.runs().label(run)),
              Cell.code(command),
              Cell.code("pawl verify " + run.id()),
              Cell.of(Words.time(run.createdAt()))));
    }
    parts.add(
        new Part.Shown(
            new Table(
                "Runs of " + experiment.name(),
                List.of(
                    Column.text("run"),
                    Column.text("reproduce it"),
                    Column.text("certify it"),
                    Column.text("created")),
                rows)));
  }

  private Set<String> codes(List<RunSummary> runs) {
    TreeSet<String> codes = new TreeSet<>();
    List<String> ids = runs.stream().map(RunSummary::id).toList();
    for (StageOrigin stage : data.lineage()) {
      if (stage.stage().equals("pretrain") && ids.contains(stage.runId())) {
        stage.codeVersion().ifPresent(codes::add);
      }
    }
    return codes;
  }

  /** With how many threads the runs computed, where it was the same number. */
  private Optional<String> threads(List<RunSummary> runs) {
    TreeSet<String> found = new TreeSet<>();
    List<String> ids = runs.stream().map(RunSummary::id).toList();
    for (Surroundings each : data.environments()) {
      if (each.runIds().stream().anyMatch(ids::contains)) {
        String threads = StoredJson.texts(each.json()).get("threads");
        if (threads != null) {
          found.add(threads);
        }
      }
    }
    return found.size() == 1 ? Optional.of(found.first()) : Optional.empty();
  }

  /** A word as a shell takes it for one. */
  static String quoted(String word) {
    return PLAIN.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
  }
}
