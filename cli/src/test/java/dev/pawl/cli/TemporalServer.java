package dev.pawl.cli;

import io.grpc.StatusRuntimeException;
import io.temporal.api.workflowservice.v1.CountWorkflowExecutionsRequest;
import io.temporal.api.workflowservice.v1.DescribeNamespaceRequest;
import io.temporal.serviceclient.WorkflowServiceStubs;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import io.temporal.testserver.TestServer;
import java.io.File;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A Temporal server behind a port, for several processes: a development server where {@code
 * temporal} is on the PATH, or the embedded one, which forgets everything when it ends.
 */
final class TemporalServer implements AutoCloseable {
  private static final long START_SECONDS = 60;

  private final Path folder;
  private final int port;
  private final Optional<Path> program;
  private @Nullable Process process;
  private TestServer.@Nullable PortBoundTestServer embedded;

  private TemporalServer(Path folder, int port, Optional<Path> program) {
    this.folder = folder;
    this.port = port;
    this.program = program;
  }

  /** Starts one that keeps what it knows in a folder, and says which kind it is. */
  static TemporalServer start(Path folder) throws IOException, InterruptedException {
    Optional<Path> program =
        Boolean.getBoolean("pawl.test.embedded.temporal") ? Optional.empty() : program();
    TemporalServer server = new TemporalServer(folder, freePort(), program);
    System.err.println(
        "tests run on "
            + program
                .map(path -> "a Temporal development server (" + path + ")")
                .orElse("the embedded Temporal server: no 'temporal' is on the PATH"));
    server.up();
    return server;
  }

  private static Optional<Path> program() {
    String path = System.getenv().getOrDefault("PATH", "");
    return Arrays.stream(path.split(File.pathSeparator))
        .filter(each -> !each.isEmpty())
        .map(each -> Path.of(each, "temporal"))
        .filter(Files::isExecutable)
        .findFirst();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  String address() {
    return "127.0.0.1:" + port;
  }

  /** Whether it knows, after it was killed and started again, what it knew before. */
  boolean remembers() {
    return program.isPresent();
  }

  /** Starts it, and waits until it answers. */
  void up() throws IOException, InterruptedException {
    if (program.isEmpty()) {
      embedded = TestServer.createPortBoundServer(port);
      return;
    }
    Process started =
        new ProcessBuilder(
                List.of(
                    program.get().toString(),
                    "server",
                    "start-dev",
                    "--headless",
                    "--ip",
                    "127.0.0.1",
                    "--port",
                    Integer.toString(port),
                    "--db-filename",
                    folder.resolve("temporal.db").toString(),
                    "--log-level",
                    "error"))
            .redirectErrorStream(true)
            .redirectOutput(
                ProcessBuilder.Redirect.appendTo(folder.resolve("temporal.txt").toFile()))
            .start();
    process = started;
    WorkflowServiceStubs service = service();
    try {
      long begun = System.nanoTime();
      while (!answers(service)) {
        if (!started.isAlive()
            || System.nanoTime() - begun > TimeUnit.SECONDS.toNanos(START_SECONDS)) {
          throw new IOException(
              "no Temporal server: " + Files.readString(folder.resolve("temporal.txt")));
        }
        Thread.sleep(100);
      }
    } finally {
      service.shutdownNow();
    }
  }

  private static boolean answers(WorkflowServiceStubs service) {
    try {
      service
          .blockingStub()
          .withDeadlineAfter(2, TimeUnit.SECONDS)
          .describeNamespace(DescribeNamespaceRequest.newBuilder().setNamespace("default").build());
      return true;
    } catch (StatusRuntimeException notYet) {
      return false;
    }
  }

  /** How many workflows a query finds, in a server that has lists. */
  long count(String query) {
    WorkflowServiceStubs service = service();
    try {
      return service
          .blockingStub()
          .countWorkflowExecutions(
              CountWorkflowExecutionsRequest.newBuilder()
                  .setNamespace("default")
                  .setQuery(query)
                  .build())
          .getCount();
    } finally {
      service.shutdownNow();
    }
  }

  private WorkflowServiceStubs service() {
    return WorkflowServiceStubs.newServiceStubs(
        WorkflowServiceStubsOptions.newBuilder().setTarget(address()).build());
  }

  /** Ends it as by SIGKILL. */
  void kill() {
    Process running = process;
    if (running != null) {
      running.destroyForcibly().onExit().join();
      process = null;
    }
    TestServer.PortBoundTestServer inside = embedded;
    if (inside != null) {
      inside.close();
      embedded = null;
    }
  }

  @Override
  public void close() {
    kill();
  }
}
