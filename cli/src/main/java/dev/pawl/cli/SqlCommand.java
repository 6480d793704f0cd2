package dev.pawl.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pawl.db.Database;
import dev.pawl.db.JdbcSettings;
import dev.pawl.db.QueryResult;
import dev.pawl.db.ReaderRole;
import dev.pawl.db.embedded.EmbeddedPostgres;
import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Asks the record in its own language. */
@Command(
    name = "sql",
    mixinStandardHelpOptions = true,
    description = {
      "Run one query over the record and print what it gives; nothing can be changed with it.",
      "Without a query: how psql connects, as a role that only reads."
    })
final class SqlCommand implements Callable<Integer> {
  @Parameters(
      arity = "0..1",
      paramLabel = "QUERY",
      description = "One statement, such as 'SELECT * FROM v_run'.")
  private @Nullable String query;

  @Option(names = "-o", paramLabel = "FORMAT", description = Format.CHOICES, defaultValue = "table")
  private Format format;

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "Rows to print at most (${DEFAULT-VALUE}).",
      defaultValue = "10000")
  private int limit;

  @Mixin private HomeOption home;
  @Spec private picocli.CommandLine.Model.CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    if (limit < 1) {
      throw new ParameterException(spec.commandLine(), "--limit must be 1 or more");
    }
    try (Database database = Databases.existing(home.path())) {
      if (query != null) {
        ask(database.reader(), query);
      } else {
        connection(database);
      }
    }
    return ExitCode.DONE;
  }

  private void ask(ReaderRole reader, String sql) {
    reader
        .grant()
        .ifPresent(problem -> System.err.println("pawl: the query runs as you do: " + problem));
    QueryResult result;
    try {
      result = reader.query(sql, limit);
    } catch (SQLException e) {
      throw new PawlException(
          FailureCause.CONFIG,
          "%s. docs/schema.md lists tables, views and columns, docs/queries.md has examples"
              .formatted(e.getMessage()),
          e);
    }
    System.out.print(text(result));
    if (result.cut()) {
      System.err.printf(
          "pawl: these are the first %,d rows; --limit asks for more, LIMIT for fewer%n", limit);
    }
  }

  private String text(QueryResult result) {
    if (format == Format.json) {
      return JsonText.of(result.rows().stream().map(row -> named(result.columns(), row)).toList());
    }
    return format.rows(
        result.columns(),
        result.rows().stream().map(row -> row.stream().map(SqlCommand::cell).toList()).toList());
  }

  private static Map<String, @Nullable Object> named(
      List<String> columns, List<@Nullable Object> row) {
    Map<String, @Nullable Object> named = new LinkedHashMap<>();
    for (int i = 0; i < columns.size(); i++) {
      named.put(columns.get(i), row.get(i));
    }
    return named;
  }

  private static Object cell(@Nullable Object value) {
    if (value == null) {
      return "";
    }
    return value instanceof JsonNode node ? node.toString() : value;
  }

  private void connection(Database database) throws InterruptedException {
    ReaderRole reader = database.reader();
    Optional<EmbeddedPostgres> embedded = database.embedded();
    if (embedded.isEmpty()) {
      reader
          .grant()
          .ifPresent(
              problem -> {
                throw new PawlException(FailureCause.CONFIG, problem);
              });
      System.out.printf(
          "-- Whoever administers the server says who may read:%n"
              + "ALTER ROLE %1$s LOGIN PASSWORD '...';  -- then: psql -U %1$s ...%n"
              + "GRANT %1$s TO somebody;%n",
          ReaderRole.NAME);
      return;
    }
    System.out.println("psql '" + address(reader.login().orElseThrow()) + "'");
    if (!embedded.get().owner()) {
      System.err.println("pawl: the server ends with the pawl process that started it");
      return;
    }
    System.err.println("pawl: the server runs as long as this command: Ctrl-C ends both");
    Runtime.getRuntime().addShutdownHook(new Thread(database::close, "sql-stop"));
    new CountDownLatch(1).await();
  }

  // What psql takes: the same address without jdbc:, with user and password.
  private static String address(JdbcSettings login) {
    return login
        .url()
        .replaceFirst(
            "^jdbc:postgresql://",
            "postgresql://%s:%s@"
                .formatted(login.user().orElseThrow(), login.password().orElseThrow()));
  }
}
