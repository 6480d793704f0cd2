package dev.pawl.cli;

import dev.pawl.cli.crypto.PayloadConverters;
import dev.pawl.cli.crypto.PayloadKeys;
import dev.pawl.cli.observe.Observability;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowClientOptions;
import io.temporal.serviceclient.WorkflowServiceStubs;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import io.temporal.testserver.TestServer;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A Temporal server: the one that the standard variables name ({@code TEMPORAL_ADDRESS} and those
 * beside it), or one inside this process.
 */
final class TemporalConnection implements AutoCloseable {
  /** For a server that is only just starting. */
  private static final long PATIENCE_SECONDS = 10;

  private final TestServer.@Nullable InProcessTestServer embedded;
  private final WorkflowServiceStubs service;
  private final WorkflowClient client;

  private TemporalConnection(
      TestServer.@Nullable InProcessTestServer embedded,
      WorkflowServiceStubs service,
      WorkflowClient client) {
    this.embedded = embedded;
    this.service = service;
    this.client = client;
  }

  /** Whether the environment names a server. */
  static boolean isConfigured() {
    return TemporalProfile.isConfigured(System.getenv());
  }

  /**
   * The server of the environment, or a new embedded one.
   *
   * @throws dev.pawl.model.failure.PawlException when the server refuses, or is not reached within
   *     ten seconds
   */
  static TemporalConnection open() throws IOException {
    return open(Observability.NONE);
  }

  /** The same, with what is to be seen of its calls. */
  static TemporalConnection open(Observability observability) throws IOException {
    return open(System.getenv(), observability);
  }

  /** The same with the variables of another environment. */
  static TemporalConnection open(Map<String, String> environment) throws IOException {
    return open(environment, Observability.NONE);
  }

  private static TemporalConnection open(
      Map<String, String> environment, Observability observability) throws IOException {
    if (!TemporalProfile.isConfigured(environment)) {
      TestServer.InProcessTestServer embedded = TestServer.createServer(true);
      WorkflowServiceStubs service =
          WorkflowServiceStubs.newServiceStubs(
              observability.of(
                  WorkflowServiceStubsOptions.newBuilder()
                      .setChannel(embedded.getChannel())
                      .build()));
      // What stays inside this process is not encrypted.
      WorkflowClientOptions options =
          WorkflowClientOptions.newBuilder()
              .setDataConverter(PayloadConverters.of(PayloadKeys.NONE))
              .build();
      return new TemporalConnection(
          embedded, service, WorkflowClient.newInstance(service, observability.of(options)));
    }
    TemporalProfile profile = TemporalProfile.of(environment);
    profile.exposure().ifPresent(Warnings::once);
    WorkflowServiceStubs service =
        WorkflowServiceStubs.newServiceStubs(observability.of(profile.service()));
    try {
      TemporalReach.ask(service, profile, PATIENCE_SECONDS);
      return new TemporalConnection(
          null, service, WorkflowClient.newInstance(service, observability.of(profile.client())));
    } catch (RuntimeException e) {
      service.shutdownNow();
      throw e;
    }
  }

  /** Whether the server lives and ends with this process. */
  boolean embedded() {
    return embedded != null;
  }

  WorkflowClient client() {
    return client;
  }

  @Override
  public void close() {
    service.shutdownNow();
    if (embedded != null) {
      embedded.close();
    }
  }
}
