package dev.pawl.cli;

import dev.pawl.cli.report.ReportData;
import dev.pawl.db.Database;
import dev.pawl.db.JdbcSettings;
import dev.pawl.db.ManyRuns;
import dev.pawl.db.RunFilter;
import dev.pawl.db.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;

/**
 * How long results take with 10,000 runs and 10 million metric points: in the database, through the
 * stores, and from the command line.
 *
 * <pre>
 * mvn -q -pl cli -am test-compile
 * mvn -q -pl cli exec:java -Dexec.classpathScope=test -Dexec.mainClass=dev.pawl.cli.ResultsBench \
 *     -Dexec.args=FOLDER
 * </pre>
 *
 * <p>The folder keeps the database, about 4 GB; called again, it is measured again. Every figure is
 * the median of several after one that does not count.
 */
final class ResultsBench {
  private static final int REPETITIONS = Integer.getInteger("pawl.repetitions", 7);

  /** 9,900 runs of 606 points, and 100 of 40,010. */
  private static final List<ManyRuns.Shape> SHAPES =
      List.of(
          new ManyRuns.Shape("quickstart", 1, 100, 5000, 4),
          new ManyRuns.Shape("sweep", 99, 100, 149, 0));

  private static final String QUICKSTART = "experiment = 'quickstart'";
  private static final String RUN =
      "run_id = (SELECT run_id FROM v_run WHERE " + QUICKSTART + " AND run = 'block')";

  private final Path home;
  private final JdbcSettings settings;
  private final Database database;
  private final List<List<String>> lines = new ArrayList<>();

  private ResultsBench(Path home, JdbcSettings settings, Database database) {
    this.home = home;
    this.settings = settings;
    this.database = database;
  }

  /** Makes the runs where they are not there yet, and measures. */
  public static void main(String[] arguments) throws Exception {
    Path home = Files.createDirectories(Path.of(arguments[0]).toAbsolutePath());
    Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwxr-xr-x"));
    try (Database database = Database.openEmbedded(home.resolve("postgres"))) {
      JdbcSettings settings = database.embedded().map(EmbeddedPostgres::settings).orElseThrow();
      ResultsBench bench = new ResultsBench(home, settings, database);
      if (bench.value("SELECT count(*) FROM run") == 0) {
        long begun = System.nanoTime();
        ManyRuns.fill(settings, SHAPES);
        System.err.printf("made in %.0f s%n", (System.nanoTime() - begun) / 1e9);
      }
      System.out.printf(
          Locale.ROOT,
          "%,d runs, %,d points, %,d MB%n",
          bench.value("SELECT count(*) FROM run"),
          bench.value("SELECT count(*) FROM metric"),
          bench.value("SELECT pg_database_size(current_database()) / 1000000"));
      bench.measure();
    }
  }

  private void measure() throws Exception {
    results();
    curves();
    report();
    commands();
    System.out.print(
        Format.table.rows(
            List.of("what", "goal_ms", "database_ms", "program_ms", "processor_ms"), lines));
  }

  private void results() throws Exception {
    line(
        "results of all runs",
        200,
        List.of(
            "SELECT run_id, experiment, run, model, parameters, status, point FROM v_run"
                + " ORDER BY created_at DESC, ordinal",
            "SELECT run_id, name, value FROM v_metric_last"
                + " WHERE name IN ('train_loss', 'valid_loss')",
            "SELECT run_id, task, metric, value, stderr, n FROM v_eval",
            "SELECT run_id, prefill_length, tokens_per_second FROM v_generation",
            "SELECT run_id, step, sha256 FROM v_checkpoint_last",
            "SELECT run_id, message FROM v_inexact"),
        () -> database.results().results(Optional.empty()));
    String one = " WHERE run_id IN (SELECT run_id FROM v_run WHERE " + QUICKSTART + ")";
    line(
        "results of one experiment, 100 runs",
        200,
        List.of(
            "SELECT * FROM v_run WHERE " + QUICKSTART + " ORDER BY ordinal",
            "SELECT run_id, name, value FROM v_metric_last" + one,
            "SELECT run_id, task, metric, value, stderr, n FROM v_eval" + one,
            "SELECT run_id, prefill_length, tokens_per_second FROM v_generation" + one,
            "SELECT run_id, step, sha256 FROM v_checkpoint_last" + one,
            "SELECT run_id, message FROM v_inexact" + one),
        () -> database.results().results(Optional.of("quickstart")));
    line(
        "all runs and where they stand",
        1000,
        List.of("SELECT * FROM v_run ORDER BY created_at DESC, ordinal"),
        () -> database.runList().find(RunFilter.ALL));
    line(
        "best of all runs",
        200,
        List.of(
            "SELECT r.experiment, r.run, l.value FROM v_metric_last l JOIN v_run r USING (run_id)"
                + " WHERE l.name = 'valid_loss' ORDER BY l.value LIMIT 10"),
        null);
  }

  private void curves() throws Exception {
    String key = text("SELECT stage_key FROM v_lineage WHERE stage = 'pretrain' AND " + RUN);
    line(
        "one curve, 5,000 points",
        50,
        List.of(
            "SELECT step, value FROM v_curve WHERE name = 'train_loss' AND "
                + RUN
                + " ORDER BY step"),
        () -> database.metrics().curve(key, "train_loss"));
    line(
        "one curve, thinned to 500",
        50,
        List.of(
            "SELECT step, value, lowest, highest FROM v_curve_thin WHERE name = 'train_loss' AND "
                + RUN
                + " ORDER BY step"),
        null);
  }

  private void report() throws Exception {
    String one = " WHERE run_id IN (SELECT run_id FROM v_run WHERE " + QUICKSTART + ")";
    line(
        "report of 100 runs of 40,010 points",
        2000,
        List.of(
            "SELECT run_id, name, step, value FROM v_curve_thin"
                + one
                + " AND name IN ('train_loss', 'valid_loss')",
            "SELECT * FROM v_run WHERE " + QUICKSTART,
            "SELECT * FROM v_metric_last" + one,
            "SELECT * FROM v_eval" + one,
            "SELECT * FROM v_pareto WHERE " + QUICKSTART,
            "SELECT * FROM v_goodput" + one,
            "SELECT * FROM v_lineage" + one,
            "SELECT * FROM v_failure" + one),
        () -> ReportData.read(database, Optional.of("quickstart")));
    line(
        "report of 100 runs of 606 points",
        2000,
        List.of(),
        () -> ReportData.read(database, Optional.of("sweep_50")));
  }

  private void commands() throws Exception {
    command("pawl --version", "--version");
    command("pawl sql 'SELECT 1'", "sql", "SELECT 1");
    command("pawl runs", "runs");
    command("pawl results", "results");
    command("pawl results quickstart", "results", "quickstart");
    command(
        "pawl report quickstart",
        "report",
        "quickstart",
        "--output",
        home.resolve("report.html").toString());
  }

  private void line(String what, long goal, List<String> queries, Callable<?> program)
      throws Exception {
    double inDatabase = 0;
    for (String query : queries) {
      inDatabase += median(() -> executed(query));
    }
    add(
        List.of(
            what,
            Long.toString(goal),
            String.format(Locale.ROOT, "%.1f", inDatabase),
            program == null ? "" : String.format(Locale.ROOT, "%.1f", median(() -> timed(program))),
            ""));
  }

  private void add(List<String> line) {
    System.err.println(String.join("  ", line));
    lines.add(line);
  }

  private void command(String what, String... arguments) throws Exception {
    double[] processor = new double[1];
    double wall =
        median(
            () -> {
              long begun = System.nanoTime();
              processor[0] = process(arguments);
              return (System.nanoTime() - begun) / 1e6;
            });
    add(
        List.of(
            what,
            "",
            "",
            String.format(Locale.ROOT, "%.0f", wall),
            String.format(Locale.ROOT, "%.0f", processor[0])));
  }

  /**
   * Runs the command and returns its processor time, the server's not among it, in milliseconds.
   */
  private double process(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    Optional<String> launcher = Optional.ofNullable(System.getProperty("pawl.launcher"));
    if (launcher.isPresent()) {
      command.add(launcher.get());
    } else {
      command.addAll(
          List.of(
              Path.of(System.getProperty("java.home"), "bin", "java").toString(),
              "-XX:+UseSerialGC",
              "-cp",
              System.getProperty("java.class.path"),
              Pawl.class.getName()));
    }
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder("bash", "-c", "TIMEFORMAT='%U %S'; time \"$@\" >/dev/null 2>&1", "bash");
    builder.command().addAll(command);
    builder.environment().put("PAWL_HOME", home.toString());
    Process process = builder.redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int code = process.waitFor();
    if (code != 0) {
      throw new IllegalStateException(List.of(arguments) + " ended with " + code);
    }
    String[] parts = said.strip().split(" ", -1);
    return 1000 * (Double.parseDouble(parts[0]) + Double.parseDouble(parts[1]));
  }

  /** Milliseconds that the server took to plan and execute, as it says itself. */
  private double executed(String query) throws SQLException {
    double milliseconds = 0;
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      // As every connection of the program has it, and the reader's.
      statement.execute("SET work_mem = '32MB'");
      try (ResultSet plan = statement.executeQuery("EXPLAIN (ANALYZE, TIMING OFF) " + query)) {
        while (plan.next()) {
          String line = plan.getString(1);
          if (line.matches("(Planning|Execution) Time: .*")) {
            milliseconds += Double.parseDouble(line.replaceAll("[^\\d.]", ""));
          }
        }
      }
    }
    return milliseconds;
  }

  private static double timed(Callable<?> work) throws Exception {
    long begun = System.nanoTime();
    Object result = work.call();
    double milliseconds = (System.nanoTime() - begun) / 1e6;
    if (result == null) {
      throw new IllegalStateException("nothing came back");
    }
    return milliseconds;
  }

  private static double median(Callable<Double> once) throws Exception {
    once.call();
    double[] all = new double[REPETITIONS];
    for (int i = 0; i < all.length; i++) {
      all[i] = once.call();
    }
    Arrays.sort(all);
    return all[all.length / 2];
  }

  private long value(String query) throws SQLException {
    return Long.parseLong(text(query));
  }

  private String text(String query) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(query)) {
      row.next();
      return row.getString(1);
    }
  }

  private Connection connect() throws SQLException {
    return DriverManager.getConnection(
        settings.url(), settings.user().orElseThrow(), settings.password().orElseThrow());
  }
}
