package dev.pawl.model.training;

import dev.pawl.model.architecture.Architecture;
import dev.pawl.model.checkpoint.TrainingState;
import dev.pawl.model.config.ActivationRecompute;
import dev.pawl.model.config.DecoderConfig;
import dev.pawl.model.config.Precision;
import dev.pawl.model.config.TrainingConfig;
import dev.pawl.model.config.VanillaConfig;
import dev.pawl.model.torch.TensorScope;
import dev.pawl.model.torch.Torch;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/**
 * The trainer's side of {@link TrainingSpeedBench}, a process of its own; it speaks as
 * speed_reference.py does. Arguments: hidden layers heads vocabulary batch length threads
 * precision.
 */
public final class SpeedWorker {
  private SpeedWorker() {}

  /** Answers on standard output. */
  public static void main(String[] arguments) throws IOException {
    int[] sizes = new int[7];
    for (int i = 0; i < sizes.length; i++) {
      sizes[i] = Integer.parseInt(arguments[i]);
    }
    Precision precision = Precision.valueOf(arguments[7]);
    Torch.start(sizes[6]);
    try (TensorScope scope = Torch.scope();
        Trainer tiny = trainer(scope, new int[] {32, 1, 2, 64, 2, 16}, precision)) {
      for (int i = 0; i < 3; i++) {
        tiny.step();
      }
    }
    System.out.println("ready " + bytes("VmRSS:"));
    Files.writeString(Path.of("/proc/self/clear_refs"), "5");
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    try (TensorScope scope = Torch.scope();
        Trainer trainer = trainer(scope, sizes, precision)) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        if (line.equals("step")) {
          long start = System.nanoTime();
          long busy = busy();
          double loss = trainer.step().loss();
          busy = busy() - busy;
          System.out.println((System.nanoTime() - start) + " " + busy + " " + loss);
        } else {
          System.out.println(bytes("VmHWM:"));
        }
      }
    }
  }

  private static Trainer trainer(TensorScope scope, int[] sizes, Precision precision) {
    Architecture architecture =
        Architecture.of(
            new VanillaConfig(sizes[3], DecoderConfig.of(sizes[1], sizes[0], sizes[2])));
    TrainingConfig config =
        new TrainingConfig(
            sizes[5],
            sizes[4],
            sizes[4],
            100_000,
            0,
            0,
            1e-4,
            0.1,
            0.9,
            0.95,
            1e-8,
            0.1,
            1.0,
            precision,
            ActivationRecompute.NONE,
            false,
            false,
            1000,
            1,
            0);
    TrainingData random =
        (position, ids, mask) -> {
          SplittableRandom numbers = new SplittableRandom(position % (4L * sizes[4]));
          for (int i = 0; i < ids.length; i++) {
            ids[i] = numbers.nextInt(sizes[3]);
            mask[i] = 1;
          }
        };
    return new Trainer(
        architecture, config, random, TrainingState.initial(scope, architecture, 1), 1);
  }

  // Nanoseconds that the threads of this process were at work; the JDK counts in hundredths of a
  // second.
  private static long busy() throws IOException {
    long sum = 0;
    try (Stream<Path> threads = Files.list(Path.of("/proc/self/task"))) {
      for (Path thread : threads.toList()) {
        String times = Files.readString(thread.resolve("schedstat"));
        sum += Long.parseLong(times.substring(0, times.indexOf(' ')));
      }
    }
    return sum;
  }

  private static long bytes(String field) throws IOException {
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith(field))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
        .findFirst()
        .orElseThrow();
  }
}
