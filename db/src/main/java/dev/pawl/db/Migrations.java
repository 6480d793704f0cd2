package dev.pawl.db;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.configuration.FluentConfiguration;

/**
 * Brings a schema to this version. Flyway does; but setting it up takes longer than most queries,
 * so it is not asked where its own record has every migration of this version with the right
 * checksum. Whoever does not own the schema is never let near it.
 */
final class Migrations {
  private static final String FOLDER = "dev/pawl/db/migration";
  private static final Pattern VERSION = Pattern.compile("^V(\\d+)__.*");

  private Migrations() {}

  /**
   * Migrates where something is to be done.
   *
   * @return whether it was done in another role's name, which connections of the pool may still
   *     have
   * @throws NotOwnerException when something is to be done and this user does not own the schema,
   *     or when the schema is newer than this program
   */
  @CanIgnoreReturnValue
  static boolean apply(DataSource database) {
    if (applied(database)) {
      return false;
    }
    SchemaState state;
    try (Connection connection = database.getConnection()) {
      state = SchemaState.of(connection);
    } catch (SQLException e) {
      throw new FlywayException("the schema cannot be looked at: " + e.getMessage(), e);
    }
    // Flyway itself lets an older program write into a schema that it does not know.
    int newest = newest();
    if (!state.mayMigrate() || state.found().orElse(0) > newest) {
      throw new NotOwnerException(state.remedy(newest));
    }
    FluentConfiguration flyway =
        Flyway.configure().dataSource(database).locations("classpath:" + FOLDER);
    // Who belongs to the owner acts in its name: what comes is the owner's too.
    boolean another = state.owner() != null && !state.owner().equals(state.user());
    if (another) {
      flyway.initSql("SET ROLE \"%s\"".formatted(state.owner().replace("\"", "\"\"")));
    }
    flyway.load().migrate();
    return another;
  }

  /** Version that this program's migrations lead to. */
  static int newest() {
    try {
      return wanted().stream()
          .map(VERSION::matcher)
          .filter(Matcher::matches)
          .mapToInt(version -> Integer.parseInt(version.group(1)))
          .max()
          .orElseThrow(() -> new IllegalStateException("no migrations in " + FOLDER));
    } catch (IOException | URISyntaxException e) {
      throw new IllegalStateException("the migrations cannot be listed", e);
    }
  }

  /** Whether Flyway's record has exactly the migrations of this version; false when in doubt. */
  static boolean applied(DataSource database) {
    try {
      Set<String> wanted = wanted();
      return !wanted.isEmpty() && wanted.equals(recorded(database));
    } catch (IOException | SQLException | URISyntaxException e) {
      return false;
    }
  }

  private static Set<String> recorded(DataSource database) throws SQLException {
    Set<String> recorded = new HashSet<>();
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      try (ResultSet there =
          statement.executeQuery("SELECT to_regclass('flyway_schema_history') IS NOT NULL")) {
        there.next();
        if (!there.getBoolean(1)) {
          return recorded;
        }
      }
      try (ResultSet rows =
          statement.executeQuery(
              "SELECT script, checksum, success FROM flyway_schema_history"
                  + " WHERE version IS NOT NULL")) {
        while (rows.next()) {
          recorded.add(
              rows.getBoolean(3) ? rows.getString(1) + " " + rows.getInt(2) : "a failed one");
        }
      }
    }
    return recorded;
  }

  private static Set<String> wanted() throws IOException, URISyntaxException {
    CodeSource source = Migrations.class.getProtectionDomain().getCodeSource();
    if (source == null) {
      return Set.of();
    }
    URI location = source.getLocation().toURI();
    Path place = Path.of(location);
    if (Files.isDirectory(place)) {
      return wanted(place.resolve(FOLDER));
    }
    try (FileSystem jar = FileSystems.newFileSystem(place)) {
      return wanted(jar.getPath(FOLDER));
    }
  }

  private static Set<String> wanted(Path folder) throws IOException {
    Set<String> wanted = new HashSet<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        wanted.add(file.getFileName() + " " + checksum(file));
      }
    }
    return wanted;
  }

  // Flyway's: CRC-32 of the lines without their ends.
  private static int checksum(Path file) throws IOException {
    CRC32 checksum = new CRC32();
    try (InputStream in = Files.newInputStream(file);
        BufferedReader reader =
            new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        checksum.update(line.getBytes(StandardCharsets.UTF_8));
      }
    }
    return (int) checksum.getValue();
  }
}
