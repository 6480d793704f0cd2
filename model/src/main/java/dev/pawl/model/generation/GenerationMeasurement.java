package dev.pawl.model.generation;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Measures greedy generation (block-transformer.md 7): one warm-up, then repetitions, each timed
 * over copying the prompt, prefill and decoding, on random prompts; the output length is checked.
 */
public final class GenerationMeasurement {
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
    ProcessMemory.resetPeak();
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
        prefillLength,
        decodeLength,
        batchSize,
        milliseconds,
        tokensPerSecond,
        ProcessMemory.peakBytes());
  }
}
