package dev.pawl.db;

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
import java.util.stream.Stream;
import java.util.zip.CRC32;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;

/**
 * Brings a schema to this version. Flyway does; but setting it up takes longer than most queries,
 * so it is not asked where its own record has every migration of this version with the right
 * checksum.
 */
final class Migrations {
  private static final String FOLDER = "dev/pawl/db/migration";

  private Migrations() {}

  /** Migrates where something is to be done. */
  static void apply(DataSource database) {
    if (!applied(database)) {
      Flyway.configure().dataSource(database).locations("classpath:" + FOLDER).load().migrate();
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
