package dev.pawl.cli;

import dev.pawl.cli.observe.Observability;
import dev.pawl.cli.observe.ObserveSettings;
import dev.pawl.db.Database;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What a command that serves stages shows of itself. */
final class MetricsOptions {
  @Option(
      names = "--metrics-port",
      paramLabel = "PORT",
      description =
          "Serve metrics for Prometheus (/metrics) and a health check (/healthz) on this port; 0"
              + " takes a free one (PAWL_METRICS_PORT, default: none).")
  private @Nullable Integer port;

  @Option(
      names = "--metrics-address",
      paramLabel = "ADDRESS",
      description =
          "Where that port is open; 0.0.0.0 opens it to everybody (PAWL_METRICS_ADDRESS, default:"
              + " 127.0.0.1).")
  private @Nullable String address;

  /**
   * Starts what is asked for, here or in the environment, and says where it is. It ends after the
   * workers, if those are closed by the same stop and opened later.
   *
   * @throws dev.pawl.model.failure.PawlException as {@link Observability#start} does
   */
  Observability start(Database database, OrderlyStop stop) throws IOException {
    Observability started =
        stop.closing(
            Observability.start(
                settings(Optional.ofNullable(port), Optional.ofNullable(address)), database));
    started.url().ifPresent(url -> System.err.println("pawl: metrics at " + url));
    return started;
  }

  /**
   * Traces alone, if the environment asks for them: for a command that hands work to others.
   *
   * @throws dev.pawl.model.failure.PawlException as {@link Observability#start} does
   */
  static Observability tracing() {
    return Observability.tracing(settings(Optional.empty(), Optional.empty()));
  }

  private static ObserveSettings settings(Optional<Integer> port, Optional<String> address) {
    return ObserveSettings.of(port, address, Machines.codeVersion(), System.getenv());
  }
}
