package dev.pawl.activities.stage;

import dev.pawl.activities.artifact.ArtifactStore;
import dev.pawl.activities.artifact.ArtifactStores;
import dev.pawl.activities.artifact.CheckpointCopies;
import dev.pawl.activities.artifact.DurableFiles;
import dev.pawl.activities.store.ObjectStores;
import dev.pawl.experiments.CanonicalJson;
import dev.pawl.model.architecture.Architecture;
import dev.pawl.model.checkpoint.CheckpointStore;
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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What copying a checkpoint for other hosts costs training: steps after a save that is copied, and
 * after one that is not, take turns. Run by hand with {@code OMP_WAIT_POLICY=PASSIVE}; the
 * arguments are rounds, threads, hidden size, and a folder on the disk to measure; the store is
 * that of {@code PAWL_STORE}, or a folder beside the checkpoints.
 */
public final class CopyBench {
  private static final int STEPS = 8;

  private CopyBench() {}

  /** Prints medians of what a save kept training waiting, and of the steps after it. */
  public static void main(String[] arguments) throws IOException {
    int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 3;
    Torch.start(arguments.length > 1 ? Integer.parseInt(arguments[1]) : 2);
    int hidden = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 512;
    Path parent = Path.of(arguments.length > 3 ? arguments[3] : ".").toAbsolutePath();
    Path folder = Files.createTempDirectory(parent, "copy-bench");
    try {
      measure(folder, hidden, rounds);
    } finally {
      DurableFiles.remove(folder);
    }
  }

  private static void measure(Path folder, int hidden, int rounds) throws IOException {
    Map<String, String> environment = new HashMap<>(System.getenv());
    environment.putIfAbsent(
        ObjectStores.VARIABLE, Files.createDirectory(folder.resolve("shared")).toString());
    ArtifactStore artifacts = ArtifactStores.of(folder.resolve("home"), environment);
    Path checkpoints = Files.createDirectories(folder.resolve("home/work/key/1/checkpoints"));
    Timed watch = new Timed();
    CheckpointStore store = new CheckpointStore(checkpoints);
    Architecture architecture =
        Architecture.of(new VanillaConfig(10752, DecoderConfig.of(6, hidden, 8)));
    TrainingConfig training = BenchTraining.config(256, 2);
    List<Double> waits = new ArrayList<>();
    List<Double> alone = new ArrayList<>();
    List<Double> copied = new ArrayList<>();
    try (TensorScope scope = Torch.scope();
        CheckpointCopies copies = artifacts.copies(checkpoints, "key", 1, () -> {}, watch);
        CheckpointWriter writer = new CheckpointWriter(Optional.of("bench"))) {
      TrainingState state = TrainingState.initial(scope, architecture, 1);
      try (Trainer trainer = BenchTraining.trainer(architecture, training, state)) {
        BenchTraining.steps(trainer, STEPS);
        for (int round = 0; round <= rounds; round++) {
          for (boolean copying : new boolean[] {false, true}) {
            long start = System.nanoTime();
            writer.start(
                state,
                still -> {
                  var saved = store.save(still, CanonicalJson.tree(Map.of()));
                  store.steps().headSet(saved.step()).forEach(store::remove);
                  if (copying) {
                    copies.changed();
                  }
                  return saved;
                });
            double waited = (System.nanoTime() - start) / BenchTraining.NANOS;
            double all = waited + BenchTraining.steps(trainer, STEPS);
            writer.await();
            copies.settle();
            if (round > 0) {
              waits.add(waited);
              (copying ? copied : alone).add(all);
            }
          }
        }
        System.out.printf(
            "%,d bytes a checkpoint to %s, load %.1f%n",
            state.bytes(),
            artifacts.sharedPlace().orElseThrow(),
            ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
      }
    }
    System.out.printf("  a save keeps training waiting for %.3f s%n", BenchTraining.median(waits));
    System.out.printf("  a copy takes %.2f s beside it%n", BenchTraining.median(watch.seconds));
    System.out.printf(
        "  %d steps after a save: %.2f s without a copy, %.2f s with one%n",
        STEPS, BenchTraining.median(alone), BenchTraining.median(copied));
  }

  private static final class Timed implements CheckpointCopies.Watch {
    private final List<Double> seconds = new ArrayList<>();
    private long start;

    @Override
    public void begins(long step) {
      start = System.nanoTime();
    }

    @Override
    public void copied(long step) {
      seconds.add((System.nanoTime() - start) / BenchTraining.NANOS);
    }
  }
}
