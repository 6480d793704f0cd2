package dev.pawl.db;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.pawl.db.embedded.EmbeddedPostgres;
import dev.pawl.db.report.ReportStores;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.flywaydb.core.api.FlywayException;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/** An open database at this version's schema. Thread-safe. */
public final class Database implements AutoCloseable {
  private static final int POOL_SIZE = 8;
  private static final long CONNECT_MILLISECONDS = 10_000;
  private static final int ANSWER_SECONDS = 2;

  private final HikariDataSource pool;
  private final JdbcSettings settings;
  private final Jdbi jdbi;
  private final @Nullable EmbeddedPostgres embedded;

  private Database(
      HikariDataSource pool, JdbcSettings settings, @Nullable EmbeddedPostgres embedded) {
    this.pool = pool;
    this.settings = settings;
    this.jdbi =
        Jdbi.create(pool)
            .registerArrayType(Long.class, "int8")
            .registerArrayType(Double.class, "float8");
    this.embedded = embedded;
  }

  /**
   * Connects and migrates.
   *
   * @throws DatabaseUnavailableException when the server cannot be reached within ten seconds, when
   *     it refuses who asks, when the schema is newer than this program, or when it is older and
   *     this user does not own it
   */
  public static Database open(JdbcSettings settings) {
    return open(settings, null);
  }

  /** Starts the embedded server in a folder, or attaches to it, and connects. */
  public static Database openEmbedded(Path home) {
    EmbeddedPostgres embedded = EmbeddedPostgres.start(home);
    try {
      return open(embedded.settings(), embedded);
    } catch (RuntimeException e) {
      embedded.close();
      throw e;
    }
  }

  private static Database open(JdbcSettings settings, @Nullable EmbeddedPostgres embedded) {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(settings.url());
    settings.user().ifPresent(config::setUsername);
    settings.password().ifPresent(config::setPassword);
    config.setMaximumPoolSize(POOL_SIZE);
    config.setMinimumIdle(1);
    config.setConnectionTimeout(CONNECT_MILLISECONDS);
    // One try: whether another one could help is known here.
    config.setInitializationFailTimeout(1);
    config.addDataSourceProperty("ApplicationName", "pawl");
    config.setPoolName("pawl");
    // A process that is stopped within a transaction keeps its row locks: without an end to it, no
    // other worker could take over what it held.
    // Results of many runs are joined in memory.
    config.setConnectionInitSql(
        "SET idle_in_transaction_session_timeout = '30s'; SET work_mem = '32MB'");
    HikariDataSource pool = connect(config, settings);
    try {
      if (Migrations.apply(pool)) {
        pool.getHikariPoolMXBean().softEvictConnections();
      }
    } catch (NotOwnerException e) {
      pool.close();
      throw new DatabaseUnavailableException(
          "the record in %s cannot be used: %s".formatted(settings.shownUrl(), e.getMessage()), e);
    } catch (FlywayException e) {
      pool.close();
      throw new DatabaseUnavailableException(
          "the schema of %s cannot be brought to this version: %s"
              .formatted(settings.shownUrl(), settings.hide(String.valueOf(e.getMessage()))),
          e);
    }
    return new Database(pool, settings, embedded);
  }

  private static HikariDataSource connect(HikariConfig config, JdbcSettings settings) {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(CONNECT_MILLISECONDS);
    while (true) {
      try {
        return new HikariDataSource(config);
      } catch (RuntimeException e) {
        // A wrong password or certificate is as wrong a second later.
        if (ConnectionProblem.isTls(e) || !Outage.away(e) || System.nanoTime() > end) {
          throw new DatabaseUnavailableException(ConnectionProblem.describe(settings, e), e);
        }
      }
    }
  }

  public ExperimentStore experiments() {
    return new ExperimentStore(jdbi);
  }

  public ControlStore controls() {
    return new ControlStore(jdbi);
  }

  public FindingStore findings() {
    return new FindingStore(jdbi);
  }

  public StageStore stages() {
    return new StageStore(jdbi);
  }

  public MetricStore metrics() {
    return new MetricStore(jdbi);
  }

  public CheckpointStore checkpoints() {
    return new CheckpointStore(jdbi);
  }

  public SkippedRangeStore skippedRanges() {
    return new SkippedRangeStore(jdbi);
  }

  public EvaluationStore evaluations() {
    return new EvaluationStore(jdbi);
  }

  public GenerationStore generations() {
    return new GenerationStore(jdbi);
  }

  public EnvironmentStore environments() {
    return new EnvironmentStore(jdbi);
  }

  public GoodputStore goodput() {
    return new GoodputStore(jdbi);
  }

  public ServingStore serving() {
    return new ServingStore(jdbi);
  }

  public WorkerStore workers() {
    return new WorkerStore(jdbi);
  }

  /**
   * Takes a device of a host for this process alone.
   *
   * @return empty when somebody else has it
   */
  public Optional<DeviceLock> device(String host, String device) {
    return DeviceLock.take(jdbi, host, device);
  }

  public RunListStore runList() {
    return new RunListStore(jdbi);
  }

  public AshaStore asha() {
    return new AshaStore(jdbi);
  }

  public SweepStore sweeps() {
    return new SweepStore(jdbi);
  }

  public EstimateStore estimates() {
    return new EstimateStore(jdbi);
  }

  public ResultStore results() {
    return new ResultStore(jdbi);
  }

  /** Version of the schema, which is this program's. */
  public int schemaVersion() {
    return Migrations.newest();
  }

  /** The roles of those who do and ask for work in a shared database. */
  public Roles roles() {
    return new Roles(jdbi);
  }

  /** The role that reads everything and changes nothing. */
  public ReaderRole reader() {
    return new ReaderRole(jdbi, settings, embedded);
  }

  /** The queries of the report. */
  public ReportStores report() {
    return new ReportStores(jdbi);
  }

  /**
   * Gives the numbers of the connection pool to a registry of metrics, once.
   *
   * @param registry a MeterRegistry of Micrometer, which this room does not know
   */
  public void measure(Object registry) {
    pool.setMetricRegistry(registry);
  }

  /** Whether the server answers; waits as long as the pool does for a connection. */
  public boolean answers() {
    try (Connection connection = pool.getConnection()) {
      return connection.isValid(ANSWER_SECONDS);
    } catch (SQLException away) {
      return false;
    }
  }

  /** The embedded server, if this database runs on one. */
  public Optional<EmbeddedPostgres> embedded() {
    return Optional.ofNullable(embedded);
  }

  @Override
  public void close() {
    pool.close();
    if (embedded != null) {
      embedded.close();
    }
  }
}
