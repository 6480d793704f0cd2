package dev.pawl.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pawl.db.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * One training killed many times at random moments, beside the same training left alone. Run by
 * hand, for an hour or more:
 *
 * <pre>mvn -pl cli -am test -Dtest=KillSoak -Dsurefire.failIfNoSpecifiedTests=false</pre>
 *
 * <p>{@code -Dsoak.kills=50}, {@code -Dsoak.steps=30000} and {@code -Dsoak.seed=1} may be given;
 * {@code -Dsoak.folder=DIR} keeps the two homes there.
 *
 * <p>Most kills wait for a step drawn at random, and then for up to two seconds; one in five falls
 * into the first ten seconds of a process, where it starts its server, looks for checkpoints and
 * compiles. Every second one takes PostgreSQL along. Before each kill the committed rows are read;
 * after it they must still be there.
 */
class KillSoak {
  private static final int KILLS = Integer.getInteger("soak.kills", 50);
  private static final int STEPS = Integer.getInteger("soak.steps", 30_000);
  private static final String YAML =
      """
      experiment: soak
      dataset: {stories: {documents: 20000}}
      models:
        block:
          block_length: 4
          embedder: {cls: lookup, config: {initializer_range: 0.15}}
          block_decoder:
            config: {num_hidden_layers: 2, hidden_size: 64, num_attention_heads: 2, initializer_range: 0.15}
          token_decoder:
            config: {num_hidden_layers: 2, hidden_size: 64, num_attention_heads: 2, initializer_range: 0.15}
      training:
        max_length: 128
        total_batch_size: 16
        num_train_steps: %d
        num_warmup_steps: 20
        learning_rate: 1.0e-3
        save_steps: 100
      evaluation:
        tasks:
          - {name: cloze, kind: cloze, file: "corpus:tasks/cloze.jsonl"}
      """;

  private static final String ROWS =
      """
      SELECT count(*), coalesce(max(m.step), 0),
             md5(coalesce(string_agg(m.name || ' ' || m.step || ' ' || m.value, ',' ORDER BY m.name, m.step), ''))
        FROM metric m JOIN stage s ON s.key = m.stage_key
       WHERE s.kind = 'pretrain' AND m.step <= %d
         AND m.name IN ('train_loss', 'gradient_norm', 'learning_rate', 'valid_loss')""";

  private final Random random = new Random(Long.getLong("soak.seed", 1));

  /**
   * The committed rows up to a step.
   *
   * @param digest of names, steps and values
   */
  private record Rows(long count, long step, String digest) {}

  @Test
  void sameBitsAfterManyKills() throws Exception {
    String given = System.getProperty("soak.folder");
    Path folder =
        given == null
            ? Files.createTempDirectory("soak")
            : Files.createDirectories(Path.of(given).toAbsolutePath());
    Files.writeString(folder.resolve("soak.yaml"), YAML.formatted(STEPS));
    long start = System.nanoTime();
    PawlProcess straight = run(folder, "straight");
    Path home = folder.resolve("killed");
    int[] steps = random.ints(KILLS, 0, STEPS - STEPS / 50).sorted().toArray();
    Optional<Rows> before = Optional.empty();
    int early = 0;
    for (int kill = 0; kill < KILLS; kill++) {
      PawlProcess process = run(folder, "killed");
      boolean soon = random.nextInt(5) == 0;
      if (soon) {
        early++;
        process.process.waitFor(random.nextInt(10_000), TimeUnit.MILLISECONDS);
      } else {
        awaitStep(process, home, steps[kill]);
        process.process.waitFor(random.nextInt(2000), TimeUnit.MILLISECONDS);
        before = Optional.of(seen(home, before));
      }
      assertTrue(process.process.isAlive(), "ended before kill " + kill + ": " + process.err());
      boolean server = random.nextBoolean();
      kill(process, home, server);
      say(
          "%s kill %d of %d%s%s; rows before it: %s"
              .formatted(
                  since(start),
                  kill + 1,
                  KILLS,
                  soon ? ", early" : ", from step " + steps[kill],
                  server ? ", PostgreSQL too" : "",
                  before.map(Rows::toString).orElse("none")));
    }
    PawlProcess last = run(folder, "killed");
    assertEquals(0, last.exitCode(), last.err());
    say(
        "%s killed run done; %d of %d kills fell into a start"
            .formatted(since(start), early, KILLS));
    assertEquals(0, straight.exitCode(), straight.err());
    say("%s straight run done".formatted(since(start)));
    String digest = last.json().path(0).path("checkpoint").path("sha256").asText();
    say("killed   " + digest);
    say("straight " + straight.json().path(0).path("checkpoint").path("sha256").asText());
    assertEquals(64, digest.length());
    assertEquals(straight.json().path(0).path("checkpoint").path("sha256").asText(), digest);
    assertEquals(straight.json().path(0).path("tasks"), last.json().path(0).path("tasks"));
    try (EmbeddedPostgres server = EmbeddedPostgres.start(home.resolve("postgres"));
        Connection connection = connect(server)) {
      before.ifPresent(rows -> assertKept(connection, rows));
      assertEquals(0, number(connection, "SELECT count(*) FROM finding"));
      Rows all = rows(connection, STEPS);
      try (EmbeddedPostgres other =
              EmbeddedPostgres.start(folder.resolve("straight").resolve("postgres"));
          Connection alone = connect(other)) {
        assertEquals(rows(alone, STEPS), all);
      }
      say("metric rows of both: " + all);
    }
    for (String name : List.of("killed", "straight")) {
      PawlProcess show =
          PawlProcess.start(folder, "show", "block", "--home", folder.resolve(name).toString());
      assertEquals(0, show.exitCode(), show.err());
      say(name + ":\n" + show.out());
    }
    PawlProcess verify = PawlProcess.start(folder, "verify", "block", "--home", home.toString());
    int certified = verify.exitCode();
    say(verify.out());
    assertEquals(0, certified, verify.err());
  }

  private static PawlProcess run(Path folder, String home) throws IOException {
    return PawlProcess.start(
        folder,
        "run",
        folder.resolve("soak.yaml").toString(),
        "threads=1",
        "-o",
        "json",
        "--home",
        folder.resolve(home).toString());
  }

  private static void awaitStep(PawlProcess process, Path home, int step) throws Exception {
    Path postgres = home.resolve("postgres");
    while (process.process.isAlive()) {
      if (Files.exists(postgres.resolve("endpoint"))) {
        try (Connection connection = connect(postgres)) {
          long done =
              number(
                  connection,
                  """
                  SELECT coalesce(max((progress ->> 'done')::bigint), 0) FROM stage
                   WHERE kind = 'pretrain' AND status = 'RUNNING' AND lease_expires_at > now()""");
          if (done >= step) {
            return;
          }
        } catch (SQLException | IOException starting) {
          // The server of this process is not up yet.
        }
      }
      process.process.waitFor(1, TimeUnit.SECONDS);
    }
  }

  /** Reads the committed rows, after making sure that those seen before are among them. */
  private static Rows seen(Path home, Optional<Rows> before) throws Exception {
    try (Connection connection = connect(home.resolve("postgres"))) {
      before.ifPresent(rows -> assertKept(connection, rows));
      return rows(connection, STEPS);
    }
  }

  private static void assertKept(Connection connection, Rows before) {
    try {
      assertEquals(before, rows(connection, before.step()));
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Rows rows(Connection connection, long upTo) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(ROWS.formatted(upTo))) {
      row.next();
      return new Rows(row.getLong(1), row.getLong(2), row.getString(3));
    }
  }

  private static long number(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getLong(1);
    }
  }

  private static void kill(PawlProcess process, Path home, boolean server) throws Exception {
    List<ProcessHandle> victims = new ArrayList<>();
    if (server) {
      ProcessHandle.allProcesses()
          .filter(each -> each.info().command().orElse("").endsWith("/bin/postgres"))
          .filter(
              each ->
                  Arrays.stream(each.info().arguments().orElse(new String[0]))
                      .anyMatch(argument -> argument.startsWith(home.toString())))
          .forEach(victims::add);
    }
    process.process.destroyForcibly().waitFor();
    victims.forEach(ProcessHandle::destroyForcibly);
  }

  /** To the server that the training process owns, without ever becoming its owner. */
  private static Connection connect(Path postgres) throws IOException, SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:%s/postgres?connectTimeout=5"
            .formatted(Files.readString(postgres.resolve("endpoint")).strip()),
        "pawl",
        Files.readString(postgres.resolve("pw")).strip());
  }

  private static Connection connect(EmbeddedPostgres server) throws SQLException {
    return DriverManager.getConnection(
        server.settings().url(),
        server.settings().user().orElseThrow(),
        server.settings().password().orElseThrow());
  }

  private static String since(long start) {
    Duration passed = Duration.ofNanos(System.nanoTime() - start);
    return "%d:%02d:%02d"
        .formatted(passed.toHours(), passed.toMinutesPart(), passed.toSecondsPart());
  }

  private static void say(String line) {
    System.out.println(line);
  }
}
