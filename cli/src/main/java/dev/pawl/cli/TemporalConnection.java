package dev.pawl.cli;

import dev.pawl.cli.observe.Observability;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowClientOptions;
import io.temporal.envconfig.ClientConfigProfile;
import io.temporal.serviceclient.WorkflowServiceStubs;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import io.temporal.testserver.TestServer;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A Temporal server: the one that the standard variables name ({@code TEMPORAL_ADDRESS} and those
 * beside it), or one inside this process.
 */
final class TemporalConnection implements AutoCloseable {
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
    String address = System.getenv("TEMPORAL_ADDRESS");
    return address != null && !address.isBlank();
  }

  /** The server of the environment, or a new embedded one. */
  static TemporalConnection open() throws IOException {
    return open(Observability.NONE);
  }

  /** The same, with what is to be seen of its calls. */
  static TemporalConnection open(Observability observability) throws IOException {
    if (!isConfigured()) {
      TestServer.InProcessTestServer embedded = TestServer.createServer(true);
      WorkflowServiceStubs service =
          WorkflowServiceStubs.newServiceStubs(
              observability.of(
                  WorkflowServiceStubsOptions.newBuilder()
                      .setChannel(embedded.getChannel())
                      .build()));
      WorkflowClientOptions options = observability.of(WorkflowClientOptions.newBuilder().build());
      return new TemporalConnection(
          embedded, service, WorkflowClient.newInstance(service, options));
    }
    ClientConfigProfile profile = ClientConfigProfile.load();
    WorkflowServiceStubs service =
        WorkflowServiceStubs.newServiceStubs(
            observability.of(profile.toWorkflowServiceStubsOptions()));
    WorkflowClient client =
        WorkflowClient.newInstance(service, observability.of(profile.toWorkflowClientOptions()));
    return new TemporalConnection(null, service, client);
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
