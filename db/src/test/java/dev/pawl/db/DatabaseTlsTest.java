package dev.pawl.db;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pawl.db.embedded.EmbeddedPostgres;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Base64;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A PostgreSQL that wants TLS and a certificate of its client: the right ones, and wrong ones. */
class DatabaseTlsTest {
  private static final String PASSWORD = "a password of the test";

  @TempDir Path folder;

  @Test
  void certificatesAreAskedForAndLookedAt() throws Exception {
    TestCertificates ours = new TestCertificates("our authority");
    TestCertificates theirs = new TestCertificates("another authority");
    ours.authority().certificateFile(folder.resolve("ca.crt"));
    theirs.authority().certificateFile(folder.resolve("other-ca.crt"));
    client(ours, "member", "client");
    client(ours, "somebody", "stranger");
    client(theirs, "member", "forged");
    try (EmbeddedPostgres server = EmbeddedPostgres.start(TestDatabase.newHome())) {
      try (Connection connection = Connections.of(server.settings());
          Statement statement = connection.createStatement()) {
        statement.execute("CREATE ROLE member LOGIN SUPERUSER PASSWORD '" + PASSWORD + "'");
        switchOn(statement, ours);
      }
      String url = server.settings().url().replace("127.0.0.1", "localhost");

      String right = url + verified("ca.crt") + client("client");
      try (Database database = Database.open(as(right))) {
        assertEquals(Optional.empty(), database.reader().grant());
      }
      DatabaseSight sight = DatabaseSight.of(as(right));
      assertTrue(sight.encrypted());
      assertTrue(sight.current());

      assertTrue(
          refusal(url + verified("other-ca.crt") + client("client")).contains("sslrootcert"));
      String missing = refusal(url + verified("ca.crt"));
      assertTrue(missing.contains("certificate"), missing);
      assertTrue(missing.contains("Check sslmode, sslrootcert, sslcert and sslkey"), missing);
      refusal(url + verified("ca.crt") + client("forged"));
      // The pool says the same, and does not try again and again.
      long start = System.nanoTime();
      JdbcSettings without = as(url + verified("ca.crt"));
      String pooled =
          assertThrows(DatabaseUnavailableException.class, () -> Database.open(without).close())
              .getMessage();
      assertEquals(missing, pooled);
      assertTrue(System.nanoTime() - start < 8_000_000_000L);
      // Signed by the right authority, for somebody else.
      refusal(url + verified("ca.crt") + client("stranger"));
      // A certificate is not instead of the password.
      JdbcSettings guess = new JdbcSettings(right, Optional.of("member"), Optional.of("guess..."));
      assertTrue(refusal(guess).contains("Check PAWL_JDBC_USER and PAWL_JDBC_PASSWORD"));
      String plain = refusal(url + "?sslmode=disable");
      assertTrue(plain.contains("no encryption"), plain);
      assertTrue(plain.contains("TLS"), plain);
    }
  }

  private static JdbcSettings as(String url) {
    return new JdbcSettings(url, Optional.of("member"), Optional.of(PASSWORD));
  }

  private String refusal(String url) {
    return refusal(as(url));
  }

  private static String refusal(JdbcSettings settings) {
    String message =
        assertThrows(DatabaseUnavailableException.class, () -> DatabaseSight.of(settings))
            .getMessage();
    assertFalse(message.contains(settings.password().orElseThrow()), message);
    return message;
  }

  private String verified(String authority) {
    return "?sslmode=verify-full&sslrootcert=" + folder.resolve(authority);
  }

  private String client(String name) {
    return "&sslcert=%s&sslkey=%s"
        .formatted(folder.resolve(name + ".crt"), folder.resolve(name + ".pk8"));
  }

  private void client(TestCertificates authority, String commonName, String file) {
    TestCertificates.Issued issued = authority.issue(commonName);
    issued.certificateFile(folder.resolve(file + ".crt"));
    issued.binaryKeyFile(folder.resolve(file + ".pk8"));
  }

  // The server writes its files itself: they must be its user's, whoever that is here.
  private static void switchOn(Statement statement, TestCertificates authority)
      throws SQLException {
    TestCertificates.Issued server = authority.issue("localhost");
    write(statement, "server.crt", server.certificatePem());
    write(statement, "server.key", server.keyPem());
    write(statement, "clients.crt", authority.authority().certificatePem());
    write(
        statement,
        "pg_hba.conf",
        """
        hostssl all member all scram-sha-256 clientcert=verify-full
        hostnossl all member all reject
        host all all 127.0.0.1/32 scram-sha-256
        """);
    statement.execute("ALTER SYSTEM SET ssl_ca_file = 'clients.crt'");
    statement.execute("ALTER SYSTEM SET ssl = on");
    statement.execute("SELECT pg_reload_conf()");
  }

  private static void write(Statement statement, String file, String text) throws SQLException {
    String encoded = Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.US_ASCII));
    statement.execute(
        "COPY (SELECT '%s') TO PROGRAM 'umask 077; base64 -d > %s'".formatted(encoded, file));
  }
}
