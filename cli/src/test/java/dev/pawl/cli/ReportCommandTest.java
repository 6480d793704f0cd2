package dev.pawl.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pawl.cli.report.SampleRecord;
import dev.pawl.db.JdbcSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command as a user types it. */
class ReportCommandTest {
  @TempDir Path folder;

  @Test
  void itWritesThePageWhereItIsTold() throws Exception {
    Map<String, String> environment = environment();
    PawlProcess named = PawlProcess.start(folder, environment, "report", "sample");
    Path elsewhere = Files.createDirectory(folder.resolve("elsewhere")).resolve("page.html");
    PawlProcess all =
        PawlProcess.start(folder, environment, "report", "--output", elsewhere.toString());
    assertEquals(ExitCode.DONE, named.exitCode(), named.err());
    assertEquals("sample.html\n", named.out());
    assertTrue(Files.readString(folder.resolve("sample.html")).endsWith("</html>\n"));
    assertEquals(ExitCode.DONE, all.exitCode(), all.err());
    assertEquals(elsewhere + "\n", all.out());
    try (Stream<Path> files = Files.list(elsewhere.getParent())) {
      assertEquals(List.of(elsewhere), files.toList());
    }
  }

  @Test
  void whatIsNotThereIsSaid() throws Exception {
    Map<String, String> environment = environment();
    PawlProcess unknown = PawlProcess.start(folder, environment, "report", "nonesuch");
    PawlProcess over =
        PawlProcess.start(folder, environment, "report", "sample", "--output", folder.toString());
    assertEquals(ExitCode.NOT_FOUND, unknown.exitCode());
    assertTrue(unknown.err().contains("no experiment 'nonesuch'"), unknown.err());
    assertEquals(ExitCode.USAGE, over.exitCode());
    assertTrue(over.err().contains("is a folder; name the file, such as"), over.err());
  }

  private static Map<String, String> environment() throws SQLException, IOException {
    JdbcSettings settings = SampleRecord.write();
    Map<String, String> environment = new HashMap<>(Map.of("PAWL_JDBC_URL", settings.url()));
    settings.user().ifPresent(user -> environment.put("PAWL_JDBC_USER", user));
    settings.password().ifPresent(word -> environment.put("PAWL_JDBC_PASSWORD", word));
    return environment;
  }
}
