package dev.pawl.cli;

import dev.pawl.db.Database;
import dev.pawl.db.Owner;
import dev.pawl.experiments.yaml.Nearest;
import dev.pawl.model.failure.FailureCause;
import dev.pawl.model.failure.PawlException;
import dev.pawl.model.torch.Torch;
import dev.pawl.workflows.Work;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Serves the queues of a Temporal server until it is asked to end. */
@Command(
    name = "worker",
    mixinStandardHelpOptions = true,
    description =
        "Serve the queues of a Temporal server, until SIGTERM or Ctrl-C: then save, hand over and"
            + " end.")
final class WorkerCommand implements Callable<Integer> {
  private static final int MOST_THREADS = 16;
  private static final int LONGEST_NAME = 100;

  @Option(
      names = "--queue",
      paramLabel = "workflows|data|device",
      split = ",",
      description =
          "What to take on: workflows (order and waiting), data (stages of files), device (stages"
              + " that compute with a model). Several with commas; left out, all.")
  private List<String> queues = List.of();

  @Option(
      names = "--device",
      paramLabel = "DEVICE",
      description =
          "The device to compute on, which no other worker then has: cuda:0; cpu is a slot of the"
              + " processor, cpu:1 a certain one (PAWL_DEVICE, or cpu).")
  private @Nullable String device;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description =
          "Compute threads (one a processor, at most 16). A training is for workers with as many as"
              + " it was planned with: threads of its file.")
  private @Nullable Integer threads;

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "What 'pawl workers' calls it (the host's name).")
  private @Nullable String name;

  @Mixin private MetricsOptions metrics;
  @Mixin private HomeOption home;

  @Override
  public Integer call() throws IOException, InterruptedException {
    Set<Work> kinds = kinds();
    int computing = threads();
    Cluster.require("pawl worker", "'pawl run' serves itself");
    Files.createDirectories(home.path());
    try (OrderlyStop stop =
        new OrderlyStop(
            "what is at work is saved and handed over", OptionalInt.of(ExitCode.DONE))) {
      Database database = stop.closing(Databases.open(home.path()));
      WorkerService.Served served =
          new WorkerService(database, home.path(), computing, stop, metrics.start(database, stop))
              .start(name(), kinds, Optional.ofNullable(device).orElseGet(Torch::deviceName));
      // Search attributes are then there for whoever submits.
      served.scheduler().setting();
      System.err.printf(
          "pawl: worker %s serves %s of %s, namespace %s%s%s%n",
          name(),
          String.join(", ", words(kinds)),
          System.getenv("TEMPORAL_ADDRESS"),
          served.scheduler().namespace(),
          served
              .device()
              .map(taken -> ", computes on %s with %d threads".formatted(taken, computing))
              .orElse(""),
          served.place().map(place -> ", has the artifacts of place " + place).orElse(""));
      new CountDownLatch(1).await();
      return ExitCode.DONE;
    }
  }

  private String name() {
    String given = name == null ? Owner.hostName() : name;
    if (given.isBlank() || given.length() > LONGEST_NAME || given.contains("/")) {
      throw new PawlException(
          FailureCause.CONFIG,
          "--name '%s': give 1 to %d characters without /".formatted(given, LONGEST_NAME));
    }
    return given;
  }

  private int threads() {
    if (threads == null) {
      return Math.min(MOST_THREADS, Runtime.getRuntime().availableProcessors());
    }
    if (threads < 1) {
      throw new PawlException(
          FailureCause.CONFIG, "--threads %d: at least 1 is needed".formatted(threads));
    }
    return threads;
  }

  private Set<Work> kinds() {
    if (queues.isEmpty()) {
      return EnumSet.allOf(Work.class);
    }
    List<String> known = words(EnumSet.allOf(Work.class));
    Set<Work> kinds = EnumSet.noneOf(Work.class);
    for (String queue : queues) {
      String given = queue.strip().toLowerCase(Locale.ROOT);
      if (!known.contains(given)) {
        throw new PawlException(
            FailureCause.CONFIG,
            "--queue %s: no such queue%s; there are %s"
                .formatted(
                    queue,
                    Nearest.to(given, known).map(near -> ", nearest: " + near).orElse(""),
                    String.join(", ", known)));
      }
      kinds.add(Work.valueOf(given.toUpperCase(Locale.ROOT)));
    }
    return kinds;
  }

  private static List<String> words(Set<Work> kinds) {
    return Arrays.stream(Work.values())
        .filter(kinds::contains)
        .map(kind -> kind.name().toLowerCase(Locale.ROOT))
        .toList();
  }
}
