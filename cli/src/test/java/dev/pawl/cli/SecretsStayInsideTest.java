package dev.pawl.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import dev.pawl.db.JdbcSettings;
import dev.pawl.db.Logins;
import dev.pawl.db.Roles;
import dev.pawl.db.TestCertificates;
import dev.pawl.db.TestDatabase;
import io.temporal.api.common.v1.Payload;
import io.temporal.api.history.v1.History;
import io.temporal.serviceclient.WorkflowServiceStubs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A run on a database in which it may only do what its roles may, and a Temporal server with TLS
 * that wants certificate and key; then everything that was written or said is searched for secrets.
 */
class SecretsStayInsideTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String PASSWORD = "canary-1-of-the-database";

  private static final Map<String, String> CANARIES =
      Map.of(
          "PAWL_JDBC_PASSWORD", PASSWORD,
          "TEMPORAL_API_KEY", "canary-2-of-temporal",
          "TEMPORAL_GRPC_META_X_TEAM", "canary-3-of-a-header",
          "AWS_ACCESS_KEY_ID", "canary-4-of-the-store",
          "AWS_SECRET_ACCESS_KEY", "canary-5-of-the-store",
          "HF_TOKEN", "canary-6-of-somebody-else");

  private static final String YAML =
      """
      experiment: small
      dataset: {stories: {documents: 60, valid_documents: 10, task_documents: 5}}
      models:
        one:
          model_config: {num_hidden_layers: 1, hidden_size: 32, num_attention_heads: 2}
      training:
        max_length: 64
        total_batch_size: 4
        num_train_steps: 3
        learning_rate: 1e-3
        save_steps: 3
      threads: 1
      """;

  /** Ids, digests, names and numbers: no path, no sentence, no setting. */
  private static final String HARMLESS = "[a-z0-9_-]{1,64}|[A-Z_]{1,32}|[0-9,-]{1,64}";

  @TempDir Path folder;

  @Test
  void nothingThatIsWrittenOrSaidHoldsASecret() throws Exception {
    Files.writeString(folder.resolve("small.yaml"), YAML);
    TestCertificates authority = new TestCertificates("our authority");
    JdbcSettings owner = TestDatabase.freshSettings();
    Path home = folder.resolve("home");
    try (Logins logins = new Logins(owner);
        SecuredTemporal server = SecuredTemporal.of(authority)) {
      JdbcSettings user =
          logins.named(
              "member_" + ProcessHandle.current().pid(), PASSWORD, Roles.OPERATOR, Roles.WORKER);
      Map<String, String> environment = environment(authority, server, user);
      String[] words = {
        "run", "small.yaml", "--home", home.toString(), "-o", "json", "experiment=renamed"
      };
      PawlProcess run = PawlProcess.start(folder, environment, words);
      assertEquals(0, run.exitCode(), run.err());
      everyOtherCommand(environment, owner, home);
      assertEquals(Set.of("Bearer canary-2-of-temporal"), server.authorizations());
      List<History> histories = histories(server);
      assertFalse(histories.isEmpty());
      for (History history : histories) {
        clean("a history", history.toByteString().toString(StandardCharsets.ISO_8859_1));
        idsAlone(history);
      }
    }
    files();
    record(owner);
  }

  private void everyOtherCommand(Map<String, String> environment, JdbcSettings owner, Path home)
      throws Exception {
    Map<String, String> wrong = new HashMap<>(environment);
    wrong.put("PAWL_JDBC_PASSWORD", "canary-7-that-is-wrong");
    wrong.put(
        "PAWL_JDBC_URL",
        owner.url() + (owner.url().contains("?") ? "&" : "?") + "sslpassword=canary-8-in-the-url");
    Map<String, String> owning = new HashMap<>(environment);
    owning.put("PAWL_JDBC_USER", owner.user().orElse(""));
    owning.put("PAWL_JDBC_PASSWORD", owner.password().orElse(""));
    PawlProcess report = command(environment, home, "report", "--output", "report.html");
    PawlProcess doctor = command(environment, home, "doctor", "-o", "json");
    PawlProcess refused = command(wrong, home, "runs");
    PawlProcess notTheOwner = command(environment, home, "migrate");
    PawlProcess migrated = command(owning, home, "migrate");
    assertEquals(0, report.exitCode(), report.err());
    assertEquals(0, doctor.exitCode(), doctor.out() + doctor.err());
    healthy(doctor.json());
    assertEquals(1, refused.exitCode(), refused.err());
    assertTrue(refused.err().contains("PAWL_JDBC_PASSWORD"), refused.err());
    assertEquals(2, notTheOwner.exitCode(), notTheOwner.err());
    assertTrue(notTheOwner.err().contains("run 'pawl migrate'"), notTheOwner.err());
    assertEquals(0, migrated.exitCode(), migrated.err());
    assertTrue(migrated.out().startsWith("the schema is at version "), migrated.out());
    assertEquals("", migrated.err());
  }

  private PawlProcess command(Map<String, String> environment, Path home, String... words)
      throws IOException {
    List<String> all = new ArrayList<>(List.of(words));
    all.addAll(List.of("--home", home.toString()));
    return PawlProcess.start(folder, environment, all.toArray(String[]::new));
  }

  private Map<String, String> environment(
      TestCertificates authority, SecuredTemporal server, JdbcSettings user) {
    TestCertificates.Issued client = authority.issue("client");
    Map<String, String> environment = new HashMap<>(CANARIES);
    environment.put("PAWL_JDBC_URL", user.url());
    environment.put("PAWL_JDBC_USER", user.user().orElseThrow());
    environment.put("TEMPORAL_ADDRESS", server.address());
    environment.put(
        "TEMPORAL_TLS_SERVER_CA_CERT_PATH",
        authority.authority().certificateFile(folder.resolve("ca.crt")).toString());
    environment.put(
        "TEMPORAL_TLS_CLIENT_CERT_PATH",
        client.certificateFile(folder.resolve("client.crt")).toString());
    environment.put(
        "TEMPORAL_TLS_CLIENT_KEY_PATH", client.keyFile(folder.resolve("client.key")).toString());
    return environment;
  }

  private static void healthy(JsonNode checks) {
    Map<String, String> states = new HashMap<>();
    checks.forEach(each -> states.put(each.path("check").asText(), each.path("state").asText()));
    for (String check :
        List.of(
            "java",
            "store",
            "device",
            "database",
            "schema",
            "database user",
            "clock",
            "temporal",
            "namespace",
            "workers",
            "temporal tls",
            "payloads",
            "secrets")) {
      assertEquals("ok", states.get(check), check + " in " + checks);
    }
  }

  private static List<History> histories(SecuredTemporal server) {
    WorkflowServiceStubs within = server.within();
    try {
      return Histories.all(within);
    } finally {
      within.shutdownNow();
    }
  }

  /** Every text in every payload is an id, a digest, a number or a word of our own. */
  private static void idsAlone(History history) throws IOException {
    List<Payload> payloads = new ArrayList<>();
    history.getEventsList().forEach(event -> collect(event, payloads));
    assertFalse(payloads.isEmpty());
    for (Payload payload : payloads) {
      String encoding = payload.getMetadataOrThrow("encoding").toStringUtf8();
      if (encoding.equals("json/plain")) {
        texts(JSON.readTree(payload.getData().toByteArray()));
      } else {
        assertTrue(payload.getData().isEmpty(), encoding);
      }
    }
  }

  private static void texts(JsonNode node) {
    if (node.isTextual()) {
      assertTrue(node.asText().matches(HARMLESS), node.asText());
    }
    node.forEach(SecretsStayInsideTest::texts);
  }

  private static void collect(Message message, List<Payload> found) {
    if (message instanceof Payload payload) {
      found.add(payload);
      return;
    }
    for (Map.Entry<FieldDescriptor, Object> field : message.getAllFields().entrySet()) {
      if (field.getKey().getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
        List<?> values =
            field.getKey().isRepeated() ? (List<?>) field.getValue() : List.of(field.getValue());
        values.forEach(each -> collect((Message) each, found));
      }
    }
  }

  private void files() throws IOException {
    Set<String> seen = new TreeSet<>();
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        seen.add(file.getFileName().toString());
        clean(file.toString(), Files.readString(file, StandardCharsets.ISO_8859_1));
      }
    }
    assertTrue(seen.containsAll(Set.of("pawl.log", "report.html")), seen.toString());
  }

  private static void record(JdbcSettings owner) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection(
                owner.url(), owner.user().orElse(null), owner.password().orElse(null));
        Statement statement = connection.createStatement()) {
      List<String> tables = new ArrayList<>();
      try (ResultSet row =
          statement.executeQuery(
              "SELECT relname FROM pg_class WHERE relkind IN ('r', 'v')"
                  + " AND relnamespace = current_schema()::regnamespace")) {
        while (row.next()) {
          tables.add(row.getString(1));
        }
      }
      int rows = 0;
      for (String table : tables) {
        try (ResultSet row = statement.executeQuery("SELECT t::text FROM " + table + " t")) {
          while (row.next()) {
            rows++;
            clean(table, row.getString(1));
          }
        }
      }
      assertTrue(rows > 100, rows + " rows");
    }
  }

  private static void clean(String place, String text) {
    int at = text.indexOf("canary-");
    assertTrue(
        at < 0,
        () ->
            place
                + " holds "
                + text.substring(Math.max(0, at - 100), Math.min(text.length(), at + 40)));
  }
}
