package dev.pawl.cli.observe;

import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What is to be seen of a process.
 *
 * @param port where metrics are served, 0 for any free port; empty for none
 * @param address the address that the port is bound to
 * @param version of the program, as metrics and traces say it
 * @param environment variables of the process: the standard ones of OpenTelemetry decide whether
 *     there are traces, and where they go
 */
public record ObserveSettings(
    Optional<Integer> port, String address, String version, Map<String, String> environment) {
  public static final String PORT = "PAWL_METRICS_PORT";
  public static final String ADDRESS = "PAWL_METRICS_ADDRESS";

  /** Nobody but this machine. */
  public static final String LOOPBACK = "127.0.0.1";

  private static final int LAST_PORT = 65_535;

  public ObserveSettings {
    Objects.requireNonNull(port, "port");
    Objects.requireNonNull(address, "address");
    environment = Map.copyOf(environment);
    if (port.isPresent() && (port.get() < 0 || port.get() > LAST_PORT)) {
      throw new PawlException(
          FailureCause.CONFIG,
          "metrics port %d is none: give one from 1 to %d, or 0 for any free one"
              .formatted(port.get(), LAST_PORT));
    }
  }

  /**
   * What a command line and the environment say, the command line first.
   *
   * @throws PawlException CONFIG when a port is no port
   */
  public static ObserveSettings of(
      Optional<Integer> port,
      Optional<String> address,
      String version,
      Map<String, String> environment) {
    return new ObserveSettings(
        port.or(() -> variable(environment, PORT).map(ObserveSettings::port)),
        address.or(() -> variable(environment, ADDRESS)).orElse(LOOPBACK),
        version,
        environment);
  }

  /** Whether the environment asks for traces: it says where they go, or what sends them. */
  boolean traced() {
    if (variable(environment, "OTEL_SDK_DISABLED").filter("true"::equalsIgnoreCase).isPresent()) {
      return false;
    }
    Optional<String> exporter = variable(environment, "OTEL_TRACES_EXPORTER");
    if (exporter.isPresent()) {
      return !exporter.get().strip().equals("none");
    }
    return Stream.of("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
        .anyMatch(name -> variable(environment, name).isPresent());
  }

  private static int port(String text) {
    try {
      return Integer.parseInt(text.strip());
    } catch (NumberFormatException e) {
      throw new PawlException(
          FailureCause.CONFIG,
          "%s is '%s': give a port, such as 9464, or unset it".formatted(PORT, text),
          e);
    }
  }

  /** The variable's value, if it says anything. */
  private static Optional<String> variable(Map<String, String> environment, String name) {
    return Optional.ofNullable(environment.get(name)).filter(value -> !value.isBlank());
  }
}
