package dev.pawl.cli;

import dev.pawl.db.Database;
import dev.pawl.db.RunStages;
import dev.pawl.db.WorkerRow;
import dev.pawl.db.WorkerState;
import dev.pawl.workflows.ExperimentRequest;
import dev.pawl.workflows.RunNumbers;
import dev.pawl.workflows.RunRequest;
import dev.pawl.workflows.StageStep;
import dev.pawl.workflows.SweepRequest;
import dev.pawl.workflows.WorkflowIds;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Hands runs that are in the record to a Temporal server, for whatever workers there are. */
final class Handover implements Runner, AutoCloseable {
  private final Database database;
  private final Scheduler scheduler;
  private final TemporalUi pages;

  Handover(Database database, Scheduler scheduler) {
    this.database = database;
    this.scheduler = scheduler;
    this.pages = TemporalUi.of(System.getenv(), scheduler.namespace());
  }

  @Override
  public int run(ExperimentRequest request, Format format) {
    // Whoever starts a run wants it to run, whatever was wished of it before.
    Set<String> ids = request.runs().stream().map(RunRequest::runId).collect(Collectors.toSet());
    database.controls().clear(List.copyOf(ids));
    String name = name(request.experimentId());
    scheduler.start(name, request);
    Map<String, String> runs = new LinkedHashMap<>();
    database.experiments().runsOf(request.experimentId()).stream()
        .filter(run -> ids.contains(run.id()))
        .forEach(run -> runs.put(run.id(), run.name()));
    Set<String> machines = new TreeSet<>();
    for (RunRequest run : request.runs()) {
      run.stages().stream()
          .map(StageStep::machine)
          .flatMap(machine -> Optional.ofNullable(machine).stream())
          .forEach(machines::add);
    }
    print(name, runs, format);
    say(
        request.experimentId(),
        runs.size() == 1
            ? "pawl show --watch " + runs.keySet().iterator().next()
            : "pawl runs --experiment " + name,
        machines);
    return ExitCode.DONE;
  }

  @Override
  public int run(SweepRequest request, Format format) {
    String name = name(request.experimentId());
    Set<Integer> ordinals = new HashSet<>(RunNumbers.parse(request.runs()).numbers());
    scheduler.start(name, request, database.asha().find(request.experimentId()).isPresent());
    Map<String, String> runs = new LinkedHashMap<>();
    database.sweeps().runs(request.experimentId()).stream()
        .filter(run -> ordinals.contains(run.ordinal()))
        .forEach(run -> runs.put(run.id(), run.name()));
    print(name, runs, format);
    say(request.experimentId(), "pawl show --watch " + name, machines(request, ordinals));
    return ExitCode.DONE;
  }

  /** Those of the first run: a sweep's runs are planned for one machine, by rule. */
  private Set<String> machines(SweepRequest request, Set<Integer> ordinals) {
    Set<String> machines = new TreeSet<>();
    ordinals.stream()
        .sorted()
        .limit(1)
        .flatMap(
            first -> database.sweeps().waiting(request.experimentId(), List.of(first)).stream())
        .flatMap(run -> run.stages().stream())
        .map(RunStages.StageInputs::machine)
        .flatMap(Optional::stream)
        .forEach(machines::add);
    return machines;
  }

  private String name(String experimentId) {
    return database.experiments().nameOfExperiment(experimentId).orElse(experimentId);
  }

  private void print(String experiment, Map<String, String> runs, Format format) {
    List<Column> columns =
        new ArrayList<>(List.of(Column.of("id"), Column.of("experiment"), Column.of("run")));
    boolean links = pages.link("").isPresent();
    if (links) {
      columns.add(Column.of("temporal"));
    }
    List<List<Cell>> rows = new ArrayList<>();
    runs.forEach(
        (id, name) -> {
          List<Cell> row =
              new ArrayList<>(List.of(Cell.of(id), Cell.of(experiment), Cell.of(name)));
          pages.link(WorkflowIds.run(id)).ifPresent(link -> row.add(Cell.of(link)));
          rows.add(row);
        });
    System.out.print(new Table(columns, rows).text(format));
  }

  private void say(String experimentId, String watch, Set<String> machines) {
    System.err.printf("pawl: submitted; '%s' watches%n", watch);
    pages
        .link(WorkflowIds.experiment(experimentId))
        .ifPresent(link -> System.err.println("pawl: in Temporal: " + link));
    List<WorkerRow> alive =
        database.workers().list(false).stream()
            .filter(worker -> worker.state() == WorkerState.ALIVE)
            .toList();
    for (String queue : List.of("workflows", "data")) {
      if (alive.stream().noneMatch(worker -> worker.queues().contains(queue))) {
        System.err.printf("note: no worker lives that serves %s; 'pawl worker' does%n", queue);
      }
    }
    for (String machine : machines) {
      if (alive.stream().noneMatch(worker -> computes(worker, machine))) {
        int dash = machine.lastIndexOf('-');
        System.err.printf(
            "note: no worker lives that computes on %s with %s threads; the stages wait for 'pawl"
                + " worker --device %s --threads %s'%n",
            machine.substring(0, dash),
            machine.substring(dash + 1),
            machine.substring(0, dash),
            machine.substring(dash + 1));
      }
    }
  }

  private static boolean computes(WorkerRow worker, String machine) {
    return worker
        .device()
        .map(device -> device.replaceFirst(":.*", "") + "-" + worker.threads())
        .filter(machine::equals)
        .isPresent();
  }

  @Override
  public void close() {
    scheduler.close();
  }
}
