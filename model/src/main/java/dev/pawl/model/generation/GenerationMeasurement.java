package dev.pawl.model.generation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Measures greedy generation (block-transformer.md 7): one warm-up, then repetitions, each timed
 * over copying the prompt, prefill and decoding, on random prompts; the output length is checked.
 */
public final class GenerationMeasurement {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final Path CLEAR = Path.of("/proc/self/clear_refs");

  /**
   * One measured shape.
   *
   * @param milliseconds of each repetition, for the whole batch
   * @param tokensPerSecond new tokens of the batch per second, over the mean repetition
   * @param maxMemoryBytes peak resident memory of this process over the repetitions, weights
   *     included
   */
  public record Row(
      int prefillLength,
      int decodeLength,
      int batchSize,
      List<Double> milliseconds,
      double tokensPerSecond,
      long maxMemoryBytes) {}

  private final LanguageModel model;

  public GenerationMeasurement(LanguageModel model) {
    this.model = model;
  }

  /** Measures one shape; {@code beforeEach} runs between repetitions and may throw to stop. */
  public Row measure(
      int prefillLength, int decodeLength, int batchSize, int repetitions, Runnable beforeEach) {
    GreedyDecoder decoder = new GreedyDecoder(model);
    SplittableRandom random = new SplittableRandom(42);
    int vocabulary = model.architecture().config().vocabSize();
    long[] prompts = new long[batchSize * prefillLength];
    for (int i = 0; i < prompts.length; i++) {
      prompts[i] = random.nextInt(vocabulary);
    }
    beforeEach.run();
    decoder.generate(prompts, batchSize, decodeLength);
    resetPeak();
    List<Double> milliseconds = new ArrayList<>();
    for (int i = 0; i < repetitions; i++) {
      beforeEach.run();
      long start = System.nanoTime();
      long[] generated = decoder.generate(prompts, batchSize, decodeLength);
      milliseconds.add((System.nanoTime() - start) / 1e6);
      if (generated.length != batchSize * decodeLength) {
        throw new IllegalStateException(
            "%d tokens generated, %d asked".formatted(generated.length, batchSize * decodeLength));
      }
    }
    double mean = milliseconds.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
    double tokensPerSecond = 1000.0 * decodeLength * batchSize / mean;
    return new Row(
        prefillLength, decodeLength, batchSize, milliseconds, tokensPerSecond, peakBytes());
  }

  // Linux forgets the peak when 5 is written here; where it does not, the peak covers more than the
  // repetitions, never less.
  private static void resetPeak() {
    try {
      Files.writeString(CLEAR, "5");
    } catch (IOException e) {
      System.getLogger(GenerationMeasurement.class.getName())
          .log(System.Logger.Level.DEBUG, "peak memory covers the whole process: {0}", e);
    }
  }

  private static long peakBytes() {
    try {
      for (String line : Files.readAllLines(STATUS)) {
        if (line.startsWith("VmHWM:")) {
          return Long.parseLong(line.replaceAll("\\D", "")) * 1024;
        }
      }
    } catch (IOException e) {
      throw new IllegalStateException("resident memory is read from " + STATUS, e);
    }
    throw new IllegalStateException("no VmHWM in " + STATUS);
  }
}
