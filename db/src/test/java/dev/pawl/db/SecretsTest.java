package dev.pawl.db;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Texts lose what is secret in them and nothing else. */
class SecretsTest {
  private static final String KEY = "-----BEGIN PRIVATE KEY-----\nMIGHAgEAMBMG\nByqGSM49\n-----END";

  private final Secrets secrets =
      new Secrets(
          Map.of(
              "PAWL_JDBC_PASSWORD", "correct horse",
              "PAWL_JDBC_URL", "jdbc:postgresql://db/x?user=u&password=p%40ss%2Fword",
              "TEMPORAL_TLS_CLIENT_KEY_DATA", KEY,
              "AWS_SECRET_ACCESS_KEY", "wJalrXUtn",
              "PAWL_PAYLOAD_KEY_FILE", "/run/keys/payload",
              "TOKENIZERS_PARALLELISM", "parallel",
              "SHORT_TOKEN", "abc"));

  @Test
  void namesSayWhatIsSecret() {
    for (String name :
        List.of(
            "PAWL_JDBC_PASSWORD",
            "TEMPORAL_API_KEY",
            "TEMPORAL_TLS_CLIENT_KEY_DATA",
            "TEMPORAL_GRPC_META_AUTHORIZATION",
            "AWS_SECRET_ACCESS_KEY",
            "AWS_SESSION_TOKEN",
            "AWS_ACCESS_KEY_ID",
            "PAWL_PAYLOAD_KEY",
            "HF_TOKEN",
            "PGPASSWORD",
            "OTEL_EXPORTER_OTLP_HEADERS")) {
      assertTrue(Secrets.isSecret(name), name);
    }
    for (String name :
        List.of(
            "PAWL_PAYLOAD_KEY_FILE",
            "AWS_WEB_IDENTITY_TOKEN_FILE",
            "TEMPORAL_TLS_CLIENT_KEY_PATH",
            "TOKENIZERS_PARALLELISM",
            "PAWL_HOME",
            "PAWL_JDBC_URL",
            "SSH_AUTH_SOCK")) {
      assertFalse(Secrets.isSecret(name), name);
    }
  }

  @Test
  void knownValuesAreTakenOutWhereverTheyStand() {
    assertEquals("a *** b ***", secrets.mask("a correct horse b correct horse"));
    assertEquals("it is *** or ***", secrets.mask("it is p@ss/word or p%40ss%2Fword"));
    assertEquals("line ***", secrets.mask("line MIGHAgEAMBMG"));
    assertEquals("(***)", secrets.mask("(wJalrXUtn)"));
    String plain = "/run/keys/payload abc parallel step 7: train_loss=2.5";
    assertEquals(plain, secrets.mask(plain));
  }

  @Test
  void whatLooksLikeASecretIsTakenOutToo() {
    assertEquals(
        "jdbc:postgresql://***@db:5432/x?password=***&ssl=true",
        secrets.mask("jdbc:postgresql://me:unknown@db:5432/x?password=other&ssl=true"));
    assertEquals("authorization: Bearer ***", secrets.mask("authorization: Bearer eyJh.bGci-Oi_J"));
    assertEquals("api_key=***, n=3", secrets.mask("api_key=0123, n=3"));
    assertEquals("mail me@there and user@host", secrets.mask("mail me@there and user@host"));
    assertEquals("tokens=5 eos_token_id=0", secrets.mask("tokens=5 eos_token_id=0"));
  }

  @Test
  void messagesAboutADatabaseNameNoPassword() {
    JdbcSettings settings =
        new JdbcSettings(
            "jdbc:postgresql://me:hidden1@nowhere.invalid:1/x?password=hidden2&connectTimeout=1",
            Optional.of("me"),
            Optional.of("hidden3"));
    String said = settings + settings.hide("no driver for " + settings.url() + " hidden3");
    assertFalse(said.contains("hidden"), said);
    assertTrue(said.contains("nowhere.invalid:1/x"), said);
  }

  @Test
  void theRecordKeepsNoSecret() throws SQLException {
    Secrets.know("canary-of-the-record");
    String text = "it failed with canary-of-the-record";
    JdbcSettings settings = TestDatabase.freshSettings();
    try (Database database = Database.open(settings);
        Connection connection = Connections.of(settings);
        Statement statement = connection.createStatement()) {
      NewStage stage = new NewStage("k", "pretrain", 1, "{}", Map.of());
      NewRun run = new NewRun("r", "one", "one", 1, "{}", List.of(stage));
      database
          .experiments()
          .register(new NewExperiment("e", "quick", "digest", "{}", "yaml", List.of(run)));
      database.experiments().command("e", List.of("pawl", "run", "x=canary-of-the-record"));
      database.experiments().runStatus("r", RunStatus.FAILED, "DATA", text);
      Owner owner = new Owner("here", 1, Instant.EPOCH, "a");
      Claim claim =
          database
              .stages()
              .claim("k", owner, Duration.ofMinutes(1), database.environments().register("{}"))
              .claim()
              .orElseThrow();
      database.findings().note(claim, "checkpoint", text);
      database.stages().fail(claim, "DATA", text);
      for (String column :
          List.of(
              "config ->> 'command' FROM experiment",
              "message FROM run",
              "message FROM attempt",
              "message FROM finding")) {
        try (ResultSet row = statement.executeQuery("SELECT " + column)) {
          assertTrue(row.next(), column);
          assertTrue(row.getString(1).contains("***"), row.getString(1));
          assertFalse(row.getString(1).contains("canary"), row.getString(1));
        }
      }
    }
  }

  @Test
  void aUrlSaysWhetherAnybodyElseCouldAnswer() {
    assertTrue(settings("jdbc:postgresql://localhost/x").isLoopback());
    assertTrue(settings("jdbc:postgresql://127.0.0.1:5432,[::1]:5433/x").isLoopback());
    assertTrue(settings("jdbc:postgresql:///x").isLoopback());
    assertFalse(settings("jdbc:postgresql://127.0.0.1,db.example:5432/x").isLoopback());
    assertFalse(settings("jdbc:postgresql://u:p@db/x").isLoopback());
    assertEquals(Optional.empty(), settings("jdbc:postgresql://db/x").sslMode());
    assertFalse(settings("jdbc:postgresql://db/x?sslmode=require").verifiesServer());
    assertTrue(settings("jdbc:postgresql://db/x?a=b&sslmode=Verify-Full").verifiesServer());
  }

  private static JdbcSettings settings(String url) {
    return new JdbcSettings(url, Optional.empty(), Optional.empty());
  }
}
