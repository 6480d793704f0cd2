package dev.pawl.cli;

import dev.pawl.db.Database;
import dev.pawl.db.ListedRun;
import dev.pawl.db.RunFilter;
import dev.pawl.db.RunStatus;
import dev.pawl.experiments.yaml.Nearest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Lists runs. */
@Command(
    name = "runs",
    mixinStandardHelpOptions = true,
    description = "What ran, and where it stands.")
final class RunsCommand implements Callable<Integer> {
  /** What a terminal is filled with when nobody says how much. */
  private static final int SCREENFUL = 100;

  @Option(names = "-o", paramLabel = "FORMAT", description = Format.CHOICES, defaultValue = "table")
  private Format format;

  @Option(
      names = "--status",
      paramLabel = "STATUS",
      split = ",",
      description = "Only runs that stand so: queued, running, done, failed, ..., interrupted.")
  private List<String> statuses = List.of();

  @Option(
      names = "--experiment",
      paramLabel = "EXPERIMENT",
      description = "Only runs of this experiment: its name, or the beginning of its id.")
  private @Nullable String experiment;

  @Option(
      names = "--model",
      paramLabel = "MODEL",
      description = "Only runs of this architecture, or whose names begin like this.")
  private @Nullable String model;

  @Option(
      names = "--since",
      paramLabel = "WHEN",
      description = "Only runs that were created since: 90m, 12h, 7d, 2w, or 2026-11-25[T18:30].")
  private @Nullable String since;

  @Option(
      names = "--limit",
      paramLabel = "N",
      description =
          "At most N runs, the newest experiment first; 0 is no limit. Left out, 100 on a terminal"
              + " and no limit elsewhere.")
  private @Nullable Integer limit;

  @Mixin private HomeOption home;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    Set<RunStatus> wanted = EnumSet.noneOf(RunStatus.class);
    boolean interrupted = statuses(wanted);
    OptionalInt most = most();
    Optional<Instant> from = since();
    Optional<Database> existing = Databases.openExisting(home.path());
    try {
      // Who was interrupted is not in the record: the limit is for what is left of them.
      boolean choosing = interrupted || wanted.stream().anyMatch(RunsCommand::maybeInterrupted);
      RunFilter filter =
          new RunFilter(
              Optional.ofNullable(experiment),
              Optional.ofNullable(model),
              wanted,
              from,
              choosing ? OptionalInt.empty() : most,
              format == Format.table && Terminal.unicode() ? RunTable.CURVE_POINTS : 0);
      List<ListedRun> found = existing.map(open -> open.runList().find(filter)).orElse(List.of());
      RunTable table = new RunTable(existing.map(Liveness::new), format, filter.curvePoints() > 0);
      List<RunTable.Entry> entries = new ArrayList<>(found.stream().map(table::entry).toList());
      if (choosing) {
        entries.removeIf(entry -> !matches(entry, interrupted));
      }
      long matched = choosing || found.isEmpty() ? entries.size() : found.get(0).matched();
      List<RunTable.Entry> shown =
          entries.subList(0, Math.min(entries.size(), most.orElse(Integer.MAX_VALUE)));
      if (shown.isEmpty()) {
        System.err.println(
            filtered() && existing.isPresent()
                ? "no run is as asked for"
                : Databases.noRuns(home.path()));
      }
      System.out.print(shown.isEmpty() && format.forPeople() ? "" : table.of(shown).text(format));
      if (shown.size() < matched) {
        System.err.printf(
            Locale.ROOT,
            "note: %,d of %,d runs; --limit 0 lists them all%n",
            shown.size(),
            matched);
      }
      return ExitCode.DONE;
    } finally {
      existing.ifPresent(Database::close);
    }
  }

  private boolean filtered() {
    return !statuses.isEmpty() || experiment != null || model != null || since != null;
  }

  private static boolean maybeInterrupted(RunStatus status) {
    return status == RunStatus.RUNNING || status == RunStatus.PAUSED;
  }

  private boolean matches(RunTable.Entry entry, boolean interrupted) {
    if (entry.interrupted().isPresent()) {
      return interrupted;
    }
    return statuses.stream().anyMatch(each -> spelled(each).equals(entry.status()));
  }

  private static String spelled(String status) {
    return status.toUpperCase(Locale.ROOT).replace('-', '_');
  }

  // Fills the statuses of the record; true when runs without a process are wanted too.
  private boolean statuses(Set<RunStatus> wanted) {
    boolean interrupted = false;
    List<String> known = new ArrayList<>();
    EnumSet.allOf(RunStatus.class).forEach(each -> known.add(each.name()));
    known.add(Liveness.INTERRUPTED);
    for (String given : statuses) {
      String name = spelled(given);
      if (name.equals(Liveness.INTERRUPTED)) {
        interrupted = true;
        wanted.add(RunStatus.RUNNING);
        wanted.add(RunStatus.PAUSED);
      } else if (known.contains(name)) {
        wanted.add(RunStatus.valueOf(name));
      } else {
        throw new ParameterException(
            spec.commandLine(),
            "--status %s: no such status%s; there are %s"
                .formatted(
                    given,
                    Nearest.to(name, known).map(near -> ", nearest: " + near).orElse(""),
                    String.join(", ", known)));
      }
    }
    return interrupted;
  }

  private OptionalInt most() {
    Integer given = limit;
    if (given == null) {
      return format == Format.table && Terminal.isThere()
          ? OptionalInt.of(SCREENFUL)
          : OptionalInt.empty();
    }
    if (given < 0) {
      throw new ParameterException(
          spec.commandLine(), "--limit %d: give 1 or more, or 0 for no limit".formatted(given));
    }
    return given == 0 ? OptionalInt.empty() : OptionalInt.of(given);
  }

  private Optional<Instant> since() {
    if (since == null) {
      return Optional.empty();
    }
    return Optional.of(
        PointInTime.parse(since, Instant.now())
            .orElseThrow(
                () ->
                    new ParameterException(
                        spec.commandLine(),
                        "--since %s: write 90m, 12h, 7d, 2w, 2026-11-25 or 2026-11-25T18:30"
                            .formatted(since))));
  }
}
