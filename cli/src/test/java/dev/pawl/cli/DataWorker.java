package dev.pawl.cli;

import dev.pawl.activities.EarlyStoppingActivitiesImpl;
import dev.pawl.activities.RunActivitiesImpl;
import dev.pawl.activities.StageActivitiesImpl;
import dev.pawl.activities.SweepActivitiesImpl;
import dev.pawl.activities.protocol.ProgressListener;
import dev.pawl.activities.protocol.StageProtocol;
import dev.pawl.activities.stage.Stages;
import dev.pawl.db.Database;
import dev.pawl.db.JdbcSettings;
import dev.pawl.workflows.WorkerSetup;
import io.temporal.client.WorkflowClient;
import io.temporal.serviceclient.WorkflowServiceStubs;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import io.temporal.worker.WorkerFactory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** A worker in a process of its own that does one stage of data at a time, until it is killed. */
final class DataWorker {
  private DataWorker() {}

  public static void main(String[] arguments) throws IOException {
    JdbcSettings settings =
        new JdbcSettings(arguments[0], optional(arguments[1]), optional(arguments[2]));
    Database database = Database.open(settings);
    WorkflowServiceStubs service =
        WorkflowServiceStubs.newServiceStubs(
            WorkflowServiceStubsOptions.newBuilder().setTarget(arguments[3]).build());
    WorkerFactory factory = WorkerFactory.newInstance(WorkflowClient.newInstance(service));
    StageProtocol protocol =
        StageProtocol.start(
            database,
            Path.of(arguments[4]),
            Stages.all(),
            ProgressListener.NONE,
            arguments[5],
            Map.of());
    WorkerSetup.register(
        factory,
        new StageActivitiesImpl(protocol),
        new RunActivitiesImpl(database, Optional.empty()),
        new SweepActivitiesImpl(database),
        new EarlyStoppingActivitiesImpl(database),
        1,
        true);
    factory.start();
    System.out.println("ready");
    // Whoever started this process closes its input when it is no longer needed.
    while (System.in.read() >= 0) {
      Thread.onSpinWait();
    }
    Runtime.getRuntime().halt(0);
  }

  private static Optional<String> optional(String argument) {
    return argument.isEmpty() ? Optional.empty() : Optional.of(argument);
  }
}
