package dev.pawl.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pawl.db.TestCertificates;
import dev.pawl.db.WorkerRow;
import dev.pawl.db.WorkerState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is wrong is found and comes with a remedy; looking changes nothing. */
class DoctorCommandTest {
  @TempDir Path folder;

  @Test
  void aFreshMachineIsHealthyAndNothingIsMade() throws IOException {
    assumeTrue(
        System.getenv("TEMPORAL_ADDRESS") == null && System.getenv("PAWL_JDBC_URL") == null,
        "the environment names servers: this is about a machine without");
    Path home = folder.resolve("home");
    Said said = Said.pawl("doctor", "--home", home.toString(), "-o", "json");
    assertEquals(0, said.code(), said.out() + said.err());
    JsonNode checks = new ObjectMapper().readTree(said.out());
    assertEquals(
        List.of("java", "code", "home", "device", "store", "database", "temporal", "secrets"),
        checks.findValuesAsText("check"));
    for (JsonNode each : checks) {
      // A disk may be nearly full.
      boolean disk = each.path("check").asText().equals("home");
      assertTrue(disk || each.path("state").asText().equals("ok"), each.toString());
    }
    assertFalse(Files.exists(home));
    assertEquals(Path.of("/dev/null"), LogFile.of(home, "doctor", "-o", "json"));
    assertEquals(home.resolve("pawl.log"), LogFile.of(home, "runs"));
    assertEquals(folder.resolve("pawl.log"), LogFile.of(folder, "doctor"));
    Said plain = Said.pawl("doctor", "--home", home.toString());
    assertTrue(plain.out().startsWith("ok       java"), plain.out());
  }

  @Test
  void aServerThatIsNotThereHasARemedy() {
    List<Checkup> found =
        new TemporalExamination(Map.of("TEMPORAL_ADDRESS", "localhost:1")).examine();
    assertEquals(Checkup.State.failed, found.get(0).state());
    assertTrue(found.get(0).remedy().startsWith("Check TEMPORAL_ADDRESS"), found.toString());
  }

  @Test
  void aServerIsLookedAt() throws Exception {
    try (TemporalServer server = TemporalServer.start(folder)) {
      List<Checkup> found =
          new TemporalExamination(Map.of("TEMPORAL_ADDRESS", server.address())).examine();
      assertEquals(
          List.of("temporal", "namespace", "search attributes", "temporal tls", "payloads"),
          found.stream().map(Checkup::check).toList());
      for (Checkup each : found) {
        // Whoever submits first makes the attributes.
        boolean attributes = each.check().equals("search attributes");
        assertEquals(
            attributes && server.remembers() ? Checkup.State.warning : Checkup.State.ok,
            each.state(),
            each.toString());
      }
    }
  }

  @Test
  void workersOfOtherCodeAreNamed() {
    String here = Machines.codeVersion();
    assertEquals(
        Checkup.ok("workers", "2 at work"),
        DatabaseExamination.workers(
            List.of(
                worker("a", here, WorkerState.ALIVE), worker("b", here, WorkerState.STOPPING))));
    Checkup other =
        DatabaseExamination.workers(
            List.of(
                worker("a", here, WorkerState.ALIVE), worker("old", "0.0.9", WorkerState.ALIVE)));
    assertEquals(Checkup.State.warning, other.state());
    assertTrue(other.finding().contains("old (0.0.9)"), other.finding());
    Checkup gone = DatabaseExamination.workers(List.of(worker("a", here, WorkerState.GONE)));
    assertEquals(Checkup.State.warning, gone.state());
    assertEquals("0 at work, 1 not heard of", gone.finding());
  }

  private static WorkerRow worker(String name, String code, WorkerState state) {
    return new WorkerRow(
        "here/1/0/" + name,
        name,
        "here",
        1,
        List.of("data"),
        Optional.empty(),
        1,
        Optional.empty(),
        code,
        Instant.EPOCH,
        Instant.EPOCH,
        state,
        List.of());
  }

  @Test
  void secretsThatOthersCouldReadAreNamed() throws IOException {
    Path key = new TestCertificates("authority").authority().keyFile(folder.resolve("client.key"));
    Map<String, String> environment =
        Map.of(
            "TEMPORAL_TLS_CLIENT_KEY_PATH", key.toString(),
            "PAWL_JDBC_URL", "jdbc:postgresql://db/x?user=u&password=hidden",
            "PAWL_JDBC_PASSWORD", "short");
    assertEquals(2, new SecretsExamination(folder, environment).examine().size());
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r--r--"));
    List<Checkup> found = new SecretsExamination(folder, environment).examine();
    assertEquals(3, found.size());
    assertEquals("chmod 600 " + key, found.get(0).remedy());
    assertTrue(found.get(1).remedy().contains("PAWL_JDBC_PASSWORD"), found.toString());
    assertTrue(found.get(2).finding().contains("PAWL_JDBC_PASSWORD is shorter"), found.toString());
    assertFalse(found.toString().contains("hidden"), found.toString());
  }
}
