package dev.pawl.model.architecture;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pawl.model.config.BlockConfig;
import dev.pawl.model.config.BlockDecoderConfig;
import dev.pawl.model.config.DecoderConfig;
import dev.pawl.model.config.EmbedderConfig;
import dev.pawl.model.config.ModelConfig;
import dev.pawl.model.config.Precision;
import dev.pawl.model.config.TokenDecoderConfig;
import dev.pawl.model.config.VanillaConfig;
import dev.pawl.model.torch.Arguments;
import dev.pawl.model.torch.Program;
import dev.pawl.model.torch.Tensor;
import dev.pawl.model.torch.TensorScope;
import dev.pawl.model.torch.TensorType;
import dev.pawl.model.torch.Torch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Peak resident memory and time of a whole training step at V 50304, hidden size 256, 6 layers and
 * a batch of 8 x 512 tokens, on two threads; the heap of the test's JVM (512 MiB) is in it. Not
 * part of the build: {@code mvn -pl model test -Dtest=TrainingMemoryBench}.
 */
class TrainingMemoryBench {
  private static final int ROWS = 8;
  private static final int LENGTH = 512;
  private static final long BOUND_BYTES = 2_500_000_000L;

  private static final Map<String, ModelConfig> MODELS =
      Map.of(
          "vanilla",
          new VanillaConfig(50_304, DecoderConfig.of(6, 256, 8)),
          "block",
          new BlockConfig(
              50_304,
              4,
              EmbedderConfig.lookup(64),
              BlockDecoderConfig.of(DecoderConfig.of(3, 256, 8)),
              TokenDecoderConfig.prefix(2, DecoderConfig.of(3, 256, 8))));

  @ParameterizedTest
  @ValueSource(strings = {"vanilla", "block"})
  void chunkedTrainingStaysBelowItsBound(String kind) throws IOException {
    Torch.start(2);
    // From small to large: the allocator keeps what it once had, and it would count for the next.
    peak(kind, Precision.BF16, true);
    peak(kind, Precision.FP32, true);
    peak(kind, Precision.BF16, false);
    long chunked = peak(kind, Precision.FP32, false);
    assertTrue(chunked < BOUND_BYTES, kind + ": " + chunked);
  }

  private static long peak(String kind, Precision precision, boolean recompute) throws IOException {
    Architecture architecture = Architecture.of(MODELS.get(kind));
    try (TensorScope scope = Torch.scope();
        Program program = architecture.load(precision, recompute);
        Program optimizer = Torch.load("adamw", "AdamW", List.of(), Map.of())) {
      Map<String, Tensor> weights = architecture.trained(Weights.initial(scope, architecture, 1));
      Map<String, Tensor> gradients = zeros(scope, architecture);
      Map<String, Tensor> first = zeros(scope, architecture);
      Map<String, Tensor> second = zeros(scope, architecture);
      Tensor count = scope.zeros(TensorType.FP32, 1);
      System.gc();
      Files.writeString(Path.of("/proc/self/clear_refs"), "5");
      double best = Double.MAX_VALUE;
      for (int i = 0; i < 2; i++) {
        long start = System.nanoTime();
        try (TensorScope step = scope.child()) {
          lossAndGradients(program, step, weights, gradients);
          optimizer.train(
              step,
              "step",
              new Arguments()
                  .list("parameters", weights.values())
                  .list("gradients", gradients.values())
                  .list("first", first.values())
                  .list("second", second.values())
                  .list("steps", Collections.nCopies(gradients.size(), count))
                  .tensor("norm", step.doubles(1))
                  .tensor("recipe", step.doubles(0, 0.9, 0.95, 1e-8, 0, 1)));
        }
        best = Math.min(best, (System.nanoTime() - start) / 1e9);
      }
      long bytes = peakBytes();
      System.out.printf(
          Locale.ROOT,
          "%s %s recompute=%s: peak %,d MB, %.2f s a step%n",
          kind,
          precision,
          recompute,
          bytes / 1_000_000,
          best);
      return bytes;
    }
  }

  private static Map<String, Tensor> zeros(TensorScope scope, Architecture architecture) {
    return Weights.trainedZeros(scope, architecture, TensorType.FP32);
  }

  private static void lossAndGradients(
      Program program,
      TensorScope step,
      Map<String, Tensor> weights,
      Map<String, Tensor> gradients) {
    SplittableRandom random = new SplittableRandom(1);
    long[] ids = random.longs((long) ROWS * LENGTH, 0, 50_304).toArray();
    byte[] mask = new byte[ids.length];
    Arrays.fill(mask, (byte) 1);
    program.train(
        step,
        "loss_and_gradients",
        new Arguments()
            .dictionary("weights", weights)
            .dictionary("gradients", gradients)
            .tensor("ids", step.longs(ids, ROWS, LENGTH))
            .tensor("mask", step.mask(mask, ROWS, LENGTH))
            .tensor("weight", step.doubles(1))
            .tensor("seed", step.longs(new long[] {1}, 1)));
  }

  private static long peakBytes() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith("VmHWM:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
        .findFirst()
        .orElseThrow();
  }
}
