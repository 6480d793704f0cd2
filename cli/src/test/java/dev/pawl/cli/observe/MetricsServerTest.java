package dev.pawl.cli.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pawl.model.failure.BusyException;
import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** The port on which a worker is looked at. */
class MetricsServerTest {
  @Test
  void metricsAreServedAndHealthIsThatOfTheDatabase() throws Exception {
    AtomicBoolean database = new AtomicBoolean(true);
    try (MetricsServer server =
        MetricsServer.start("127.0.0.1", 0, () -> "up 1\n", database::get)) {
      HttpResponse<String> metrics = get(server.url());
      assertEquals(200, metrics.statusCode());
      assertEquals("up 1\n", metrics.body());
      assertTrue(
          metrics.headers().firstValue("Content-Type").orElse("").startsWith("text/plain; version"),
          metrics.headers().toString());
      String health = server.url().replace("/metrics", "/healthz");
      assertEquals(200, get(health).statusCode());
      database.set(false);
      assertEquals(503, get(health).statusCode());
      assertEquals(404, get(server.url() + "x").statusCode());
    }
  }

  @Test
  void aPortThatIsTakenIsSaidSo() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      BusyException busy =
          assertThrows(
              BusyException.class,
              () ->
                  MetricsServer.start("127.0.0.1", taken.getLocalPort(), () -> "", () -> true)
                      .close());
      assertTrue(
          busy.getMessage()
              .contains("metrics port %d of 127.0.0.1".formatted(taken.getLocalPort())),
          busy.getMessage());
      assertTrue(busy.getMessage().contains("--metrics-port"), busy.getMessage());
    }
  }

  @Test
  void anAddressOfAnotherMachineIsRefused() {
    // For documentation: RFC 5737 gives it to nobody.
    PawlException wrong =
        assertThrows(
            PawlException.class,
            () -> MetricsServer.start("192.0.2.1", 0, () -> "", () -> true).close());
    assertEquals(FailureCause.CONFIG, wrong.failureCause());
    assertTrue(wrong.getMessage().contains("--metrics-address"), wrong.getMessage());
  }

  @Test
  void theCommandLineGoesBeforeTheEnvironment() {
    Map<String, String> environment =
        Map.of("PAWL_METRICS_PORT", "9464", "PAWL_METRICS_ADDRESS", "0.0.0.0");
    ObserveSettings given =
        ObserveSettings.of(Optional.of(0), Optional.of("127.0.0.1"), "1", environment);
    assertEquals(Optional.of(0), given.port());
    assertEquals("127.0.0.1", given.address());
    ObserveSettings open = ObserveSettings.of(Optional.empty(), Optional.empty(), "1", environment);
    assertEquals(Optional.of(9464), open.port());
    assertEquals("0.0.0.0", open.address());
    ObserveSettings none = ObserveSettings.of(Optional.empty(), Optional.empty(), "1", Map.of());
    assertEquals(Optional.empty(), none.port());
    assertEquals("127.0.0.1", none.address());
    for (String wrong : new String[] {"http", "70000", "-1"}) {
      assertThrows(
          PawlException.class,
          () ->
              ObserveSettings.of(
                  Optional.empty(), Optional.empty(), "1", Map.of("PAWL_METRICS_PORT", wrong)),
          wrong);
    }
  }

  @Test
  void tracesAreSentOnlyWhereTheEnvironmentSaysWhere() {
    assertFalse(traced(Map.of()));
    assertTrue(traced(Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", "http://localhost")));
    assertTrue(traced(Map.of("OTEL_TRACES_EXPORTER", "otlp")));
    assertFalse(
        traced(Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", "http://x", "OTEL_TRACES_EXPORTER", "none")));
    assertFalse(
        traced(Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", "http://x", "OTEL_SDK_DISABLED", "TRUE")));
    PawlException wrong =
        assertThrows(
            PawlException.class,
            () ->
                Traces.start(
                        new ObserveSettings(
                            Optional.empty(),
                            "127.0.0.1",
                            "1",
                            Map.of("OTEL_TRACES_EXPORTER", "carrier-pigeon")))
                    .close());
    assertEquals(FailureCause.CONFIG, wrong.failureCause());
    assertTrue(wrong.getMessage().contains("carrier-pigeon"), wrong.getMessage());
  }

  private static boolean traced(Map<String, String> environment) {
    return ObserveSettings.of(Optional.empty(), Optional.empty(), "1", environment).traced();
  }

  private static HttpResponse<String> get(String url) throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString());
  }
}
