package dev.pawl.activities.stage;

import dev.pawl.activities.artifact.DurableFiles;
import dev.pawl.experiments.CanonicalJson;
import dev.pawl.model.architecture.Architecture;
import dev.pawl.model.checkpoint.CheckpointStore;
import dev.pawl.model.checkpoint.SaveInterval;
import dev.pawl.model.checkpoint.TrainingState;
import dev.pawl.model.config.DecoderConfig;
import dev.pawl.model.config.TrainingConfig;
import dev.pawl.model.config.VanillaConfig;
import dev.pawl.model.torch.TensorScope;
import dev.pawl.model.torch.Torch;
import dev.pawl.model.training.Trainer;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a save costs training: rounds of a few steps without a save, with one beside training and
 * with one in line take turns on one machine; medians of the differences are printed. Run by hand
 * with {@code OMP_WAIT_POLICY=PASSIVE}; the arguments are rounds, threads, and a folder on the disk
 * to measure.
 */
public final class SaveBench {
  private static final double FOUR_HOURS = 4 * 3600;
  private final Path folder;
  private final int rounds;

  private SaveBench(Path folder, int rounds) {
    this.folder = folder;
    this.rounds = rounds;
  }

  /** Prints seconds of a step, seconds that a save costs, and the share at the chosen interval. */
  public static void main(String[] arguments) throws IOException {
    int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 9;
    Torch.start(arguments.length > 1 ? Integer.parseInt(arguments[1]) : 2);
    Path parent = Path.of(arguments.length > 2 ? arguments[2] : ".");
    Path folder = Files.createTempDirectory(parent.toAbsolutePath(), "save-bench");
    try {
      SaveBench bench = new SaveBench(folder, rounds);
      bench.measure("quickstart", new VanillaConfig(512, DecoderConfig.of(4, 64, 2)), 128, 16, 8);
      bench.measure("30M", new VanillaConfig(10752, DecoderConfig.of(6, 512, 8)), 256, 2, 3);
    } finally {
      DurableFiles.remove(folder);
    }
  }

  private void measure(String name, VanillaConfig model, int length, int batch, int steps)
      throws IOException {
    Architecture architecture = Architecture.of(model);
    TrainingConfig training = BenchTraining.config(length, batch);
    CheckpointStore store = new CheckpointStore(folder);
    CheckpointWriter.Work work =
        state -> {
          var saved = store.save(state, CanonicalJson.tree(Map.of()));
          store.steps().headSet(saved.step()).forEach(store::remove);
          return saved;
        };
    List<Double> plain = new ArrayList<>();
    List<Double> beside = new ArrayList<>();
    List<Double> direct = new ArrayList<>();
    List<Double> inline = new ArrayList<>();
    try (TensorScope scope = Torch.scope();
        CheckpointWriter async = new CheckpointWriter(Optional.of("bench"));
        CheckpointWriter sync = new CheckpointWriter(Optional.empty())) {
      TrainingState state = TrainingState.initial(scope, architecture, 1);
      try (Trainer trainer = BenchTraining.trainer(architecture, training, state)) {
        BenchTraining.steps(trainer, steps);
        async.start(state, work);
        async.await();
        for (int round = 0; round < rounds; round++) {
          double without = BenchTraining.steps(trainer, steps);
          plain.add(without);
          long start = System.nanoTime();
          async.start(state, work);
          direct.add((System.nanoTime() - start) / BenchTraining.NANOS);
          BenchTraining.steps(trainer, steps);
          async.await();
          beside.add((System.nanoTime() - start) / BenchTraining.NANOS - without);
          start = System.nanoTime();
          sync.start(state, work);
          BenchTraining.steps(trainer, steps);
          inline.add((System.nanoTime() - start) / BenchTraining.NANOS - without);
        }
      }
      print(
          name,
          architecture,
          state,
          steps,
          BenchTraining.median(plain),
          BenchTraining.median(beside),
          BenchTraining.median(direct),
          BenchTraining.median(inline));
    }
  }

  private static void print(
      String name,
      Architecture architecture,
      TrainingState state,
      int steps,
      double plain,
      double beside,
      double direct,
      double inline) {
    double step = plain / steps;
    System.out.printf(
        "%s: %,d parameters, %,d bytes, %.4f s a step, load %.1f%n",
        name,
        architecture.parameterCount(),
        state.bytes(),
        step,
        ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
    cost("beside training, waiting alone", step, direct);
    cost("beside training, waiting and slower steps", step, Math.max(direct, beside));
    cost("in line", step, Math.max(direct, inline));
  }

  private static void cost(String how, double step, double cost) {
    SaveInterval interval = new SaveInterval(FOUR_HOURS, cost);
    interval.step(step, false);
    long steps = interval.steps();
    System.out.printf(
        "  %s: %.4f s; one in %,d steps (%.0f s): %.3f %% of the time%n",
        how, cost, steps, steps * step, 100 * cost / (steps * step));
  }
}
