package dev.pawl.cli;

import dev.pawl.activities.EarlyStoppingActivitiesImpl;
import dev.pawl.activities.Placement;
import dev.pawl.activities.RunActivitiesImpl;
import dev.pawl.activities.StageActivitiesImpl;
import dev.pawl.activities.SweepActivitiesImpl;
import dev.pawl.activities.protocol.StageProtocol;
import dev.pawl.activities.stage.Stages;
import dev.pawl.cli.observe.Observability;
import dev.pawl.db.Database;
import dev.pawl.db.NewWorker;
import dev.pawl.db.Owner;
import dev.pawl.experiments.plan.Machine;
import dev.pawl.model.torch.Torch;
import dev.pawl.workflows.Offer;
import dev.pawl.workflows.Work;
import io.temporal.worker.Worker;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Serves queues in this process, for 'pawl run' and 'pawl worker' alike. */
final class WorkerService {
  private final Database database;
  private final Path home;
  private final int threads;
  private final OrderlyStop stop;
  private final Observability observability;

  /**
   * Serves nothing yet.
   *
   * @param threads to compute with
   * @param stop closes what is opened here
   */
  WorkerService(
      Database database, Path home, int threads, OrderlyStop stop, Observability observability) {
    this.database = database;
    this.home = home;
    this.threads = threads;
    this.stop = stop;
    this.observability = observability;
  }

  /**
   * Begins to serve.
   *
   * @param name of the worker
   * @param kinds of work to take on
   * @param wanted the device, or the kind of device, that stages are computed on
   * @return the scheduler that is served, and the device if one was taken
   */
  Served start(String name, Set<Work> kinds, String wanted) throws IOException {
    Optional<Device> device =
        kinds.contains(Work.DEVICE) ? Optional.of(Device.take(database, wanted)) : Optional.empty();
    device.ifPresent(taken -> stop.closing(taken.lock()));
    Torch.start(threads);
    TerminalProgress progress = stop.closing(new TerminalProgress());
    StageProtocol protocol =
        StageProtocol.start(
            database,
            home,
            Stages.all(),
            observability.listening(progress),
            name,
            Machines.environment(threads));
    Scheduler scheduler = new Scheduler(observability);
    Optional<String> place = scheduler.embedded() ? Optional.empty() : Place.of(home);
    Optional<Presence> presence = Optional.empty();
    try {
      List<Worker> deviceQueues = serve(scheduler, protocol, kinds, place);
      if (!scheduler.embedded()) {
        presence =
            Optional.of(
                new Presence(
                    database,
                    newWorker(name, kinds, device, place),
                    device.map(Device::lock),
                    deviceQueues));
        stop.closing(presence.get());
      }
    } finally {
      // Before the presence: a worker has ended when nothing is left in its hands.
      stop.closing(scheduler);
    }
    presence.ifPresent(known -> stop.closing(known::stopping));
    return new Served(scheduler, device.map(Device::name), place);
  }

  /**
   * What is served.
   *
   * @param device the device that was taken, if any
   * @param place id of the home whose artifacts other workers do not reach
   */
  record Served(Scheduler scheduler, Optional<String> device, Optional<String> place) {}

  private List<Worker> serve(
      Scheduler scheduler, StageProtocol protocol, Set<Work> kinds, Optional<String> place) {
    int cores = Runtime.getRuntime().availableProcessors();
    String machine = scheduler.embedded() ? null : new Machine(Torch.deviceKind(), threads).id();
    return scheduler.serve(
        new Offer(kinds, cores, machine, place.orElse(null), scheduler.forgetful()),
        new StageActivitiesImpl(protocol, place.map(id -> new Placement(database, id))),
        new RunActivitiesImpl(
            database,
            scheduler.embedded() ? Optional.of(Owner.ofThisProcess("run")) : Optional.empty()),
        new SweepActivitiesImpl(database),
        new EarlyStoppingActivitiesImpl(database));
  }

  private NewWorker newWorker(
      String name, Set<Work> kinds, Optional<Device> device, Optional<String> place) {
    return new NewWorker(
        Owner.ofThisProcess(name),
        kinds.stream().sorted().map(kind -> kind.name().toLowerCase(Locale.ROOT)).toList(),
        device.map(Device::name),
        threads,
        place,
        Machines.codeVersion());
  }
}
