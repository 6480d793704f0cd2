package dev.pawl.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pawl.db.Secrets;
import dev.pawl.db.TestCertificates;
import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import io.temporal.serviceclient.WorkflowServiceStubs;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A Temporal server with TLS that wants a certificate of its clients: right ones and wrong ones.
 */
class TemporalTlsTest {
  private static final String API_KEY = "canary-of-the-api-key";

  @TempDir Path folder;

  private final TestCertificates ours = new TestCertificates("our authority");
  private final TestCertificates theirs = new TestCertificates("another authority");

  @BeforeEach
  void issue() {
    ours.authority().certificateFile(folder.resolve("ca.crt"));
    theirs.authority().certificateFile(folder.resolve("other-ca.crt"));
    client(ours, "client");
    client(theirs, "forged");
  }

  private void client(TestCertificates authority, String name) {
    TestCertificates.Issued issued = authority.issue(name);
    issued.certificateFile(folder.resolve(name + ".crt"));
    issued.keyFile(folder.resolve(name + ".key"));
  }

  /** Certificates alone ask for TLS: there is no TEMPORAL_TLS=true beside them. */
  private Map<String, String> environment(String address, String authority, String client) {
    Map<String, String> environment = new HashMap<>();
    environment.put("TEMPORAL_ADDRESS", address);
    environment.put("TEMPORAL_TLS_SERVER_CA_CERT_PATH", folder.resolve(authority).toString());
    if (!client.isEmpty()) {
      environment.put("TEMPORAL_TLS_CLIENT_CERT_PATH", folder.resolve(client + ".crt").toString());
      environment.put("TEMPORAL_TLS_CLIENT_KEY_PATH", folder.resolve(client + ".key").toString());
    }
    return environment;
  }

  @Test
  void certificatesAreAskedForAndLookedAt() throws IOException {
    try (SecuredTemporal server = SecuredTemporal.of(ours)) {
      Map<String, String> right = environment(server.address(), "ca.crt", "client");
      right.put("TEMPORAL_API_KEY", API_KEY);
      try (TemporalConnection connection = TemporalConnection.open(right)) {
        assertFalse(connection.embedded());
      }
      assertEquals(Set.of("Bearer " + API_KEY), server.authorizations());
      // Whatever says it from now on says it without the key.
      assertEquals("Bearer ***", Secrets.masked("Bearer " + API_KEY));

      String untrusted = refusal(environment(server.address(), "other-ca.crt", "client"));
      assertTrue(untrusted.contains("TEMPORAL_TLS_SERVER_CA_CERT_PATH"), untrusted);
      String missing = refusal(environment(server.address(), "ca.crt", ""));
      assertTrue(missing.contains("TEMPORAL_TLS_CLIENT_CERT_PATH"), missing);
      refusal(environment(server.address(), "ca.crt", "forged"));
      String plain = refusal(Map.of("TEMPORAL_ADDRESS", server.address()));
      assertTrue(plain.contains("TEMPORAL_TLS=true"), plain);
    }
  }

  private static String refusal(Map<String, String> environment) {
    TemporalProfile profile = TemporalProfile.of(environment);
    WorkflowServiceStubs service = WorkflowServiceStubs.newServiceStubs(profile.service());
    try {
      PawlException e =
          assertThrows(PawlException.class, () -> TemporalReach.ask(service, profile, 0));
      assertEquals(FailureCause.INFRASTRUCTURE, e.failureCause());
      return e.getMessage();
    } finally {
      service.shutdownNow();
    }
  }

  @Test
  void whatCannotBeReadIsSaidWithItsVariable() {
    Map<String, String> missing = environment("localhost:1", "none.crt", "");
    PawlException e =
        assertThrows(PawlException.class, () -> TemporalProfile.of(missing).service());
    assertEquals(FailureCause.CONFIG, e.failureCause());
    assertTrue(e.getMessage().contains("none.crt"), e.getMessage());
    assertTrue(e.getMessage().contains("TEMPORAL_TLS_SERVER_CA_CERT_PATH"), e.getMessage());
  }

  @Test
  void plainTextOverANetworkIsMentionedUnlessItIsMeant() {
    Map<String, String> environment = new HashMap<>(Map.of("TEMPORAL_ADDRESS", "there:7233"));
    assertTrue(exposure(environment).orElseThrow().contains("TEMPORAL_TLS=true"));
    environment.put("TEMPORAL_TLS", "false");
    assertEquals(Optional.empty(), exposure(environment));
    environment.put("TEMPORAL_TLS", "true");
    assertEquals(Optional.empty(), exposure(environment));
    assertTrue(TemporalProfile.of(environment).encrypted());
    assertEquals(Optional.empty(), exposure(Map.of("TEMPORAL_ADDRESS", "127.0.0.1:7233")));
    Map<String, String> key = Map.of("TEMPORAL_ADDRESS", "there:7233", "TEMPORAL_API_KEY", API_KEY);
    assertTrue(TemporalProfile.of(key).encrypted());
    assertFalse(TemporalProfile.of(key).toString().contains(API_KEY));
  }

  private static Optional<String> exposure(Map<String, String> environment) {
    return TemporalProfile.of(environment).exposure();
  }
}
