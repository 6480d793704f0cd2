package dev.pawl.cli.observe;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.pawl.model.failure.BusyException;
import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Serves {@code /metrics} in the text format of Prometheus, and {@code /healthz}: 200 while this
 * process lives and its database answers, else 503.
 */
final class MetricsServer implements AutoCloseable {
  private static final String PROMETHEUS_TEXT = "text/plain; version=0.0.4; charset=utf-8";
  private static final String TEXT = "text/plain; charset=utf-8";
  private static final long HEALTH_SECONDS = 5;
  private static final int OK = 200;
  private static final int NOT_FOUND = 404;
  private static final int NOT_ALLOWED = 405;
  private static final int UNAVAILABLE = 503;

  private final HttpServer server;
  private final ExecutorService threads;
  private final Supplier<String> metrics;
  private final BooleanSupplier healthy;

  private MetricsServer(
      HttpServer server,
      ExecutorService threads,
      Supplier<String> metrics,
      BooleanSupplier healthy) {
    this.server = server;
    this.threads = threads;
    this.metrics = metrics;
    this.healthy = healthy;
  }

  /**
   * Starts it.
   *
   * @param port 0 for any free one
   * @throws BusyException when something else listens there
   * @throws PawlException CONFIG when the address is none of this machine
   */
  static MetricsServer start(
      String address, int port, Supplier<String> metrics, BooleanSupplier healthy)
      throws IOException {
    HttpServer server;
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getByName(address), port), 0);
    } catch (UnknownHostException e) {
      throw new PawlException(FailureCause.CONFIG, notHere(address), e);
    } catch (BindException e) {
      if (String.valueOf(e.getMessage()).contains("assign")) {
        throw new PawlException(FailureCause.CONFIG, notHere(address), e);
      }
      throw new BusyException(
          "metrics port %d of %s is taken (%s): give another with --metrics-port, or 0 for any free one"
              .formatted(port, address, e.getMessage()));
    }
    ExecutorService threads =
        Executors.newCachedThreadPool(
            task -> {
              Thread made = new Thread(task, "pawl-metrics");
              made.setDaemon(true);
              return made;
            });
    MetricsServer made = new MetricsServer(server, threads, metrics, healthy);
    server.setExecutor(threads);
    server.createContext("/", made::answer);
    server.start();
    return made;
  }

  private static String notHere(String address) {
    return "metrics address '%s' is none of this machine: give one with --metrics-address, or 0.0.0.0 for all"
        .formatted(address);
  }

  /** Where it listens, as an address to open. */
  String url() {
    String host = server.getAddress().getAddress().getHostAddress();
    return "http://%s:%d/metrics"
        .formatted(host.contains(":") ? "[" + host + "]" : host, server.getAddress().getPort());
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      // What was sent along is not read: nobody asks that way.
      boolean get = exchange.getRequestMethod().equals("GET");
      String path = exchange.getRequestURI().getPath();
      if (!get) {
        send(exchange, NOT_ALLOWED, TEXT, "only GET\n");
      } else if (path.equals("/metrics")) {
        send(exchange, OK, PROMETHEUS_TEXT, metrics.get());
      } else if (path.equals("/healthz")) {
        boolean well = healthy();
        send(
            exchange,
            well ? OK : UNAVAILABLE,
            TEXT,
            well ? "ok\n" : "the database does not answer\n");
      } else {
        send(exchange, NOT_FOUND, TEXT, "/metrics and /healthz are here\n");
      }
    }
  }

  // A database that is away keeps its caller waiting; whoever asks for health does not wait so
  // long.
  private boolean healthy() {
    Future<Boolean> answer = threads.submit(healthy::getAsBoolean);
    try {
      return answer.get(HEALTH_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException | ExecutionException no) {
      answer.cancel(true);
      return false;
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static void send(HttpExchange exchange, int code, String type, String text)
      throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.sendResponseHeaders(code, bytes.length);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(bytes);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
